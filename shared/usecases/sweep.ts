import { BrokerError } from "../domain/errors.ts";
import { floorTo } from "../domain/instant.ts";
import type { DueItem } from "../ports/binding-store.ts";
import { clusterSubject } from "../ports/converge-queue.ts";
import type { SweepPorts } from "../ports/ports.ts";
import { lapseIfDue } from "./change-request.ts";

export interface SweepReport {
  /** Bindings that have work. */
  readonly sent: number;
  /** Bindings that are only looked at; as many as the limit leaves says that looks are late. */
  readonly looks: number;
  readonly lapsed: number;
  /** Items that could not be dealt with; they stay due, and the next sweep takes them. */
  readonly failed: number;
}

/**
 * Finds what is due and sees to it: sends bindings to converge, lapses what nobody answered.
 * One item that fails keeps no other from its turn.
 */
export async function sweep(ports: SweepPorts): Promise<SweepReport> {
  const now = ports.chance.now();
  // Half a period, since the rule fires some seconds early or late: two sweeps of one whole minute
  // are two turns, and one sweep that is repeated is one.
  const turn = floorTo(now, ports.settings.sweepPeriodSeconds / 2);
  const checks = await lookAtClusters(ports, now);
  const due = await ports.bindings.due(now, ports.settings.sweepLimit);
  const see = (item: DueItem) =>
    item.kind === "lapse"
      ? lapse(ports, item.requestId, now)
      : ports.queue.sendOnce(item.binding, item.kind === "look" ? "look" : "sweep", turn);
  // The queue hands out first what was sent first: no end waits there behind this sweep's looks.
  const [work, looks] = [due.filter((item) => !isLook(item)), due.filter(isLook)];
  const results = [
    ...(await Promise.allSettled(work.map(see))),
    ...(await Promise.allSettled(looks.map(see))),
  ];
  const done = [...work, ...looks].filter((_, at) => results[at]?.status === "fulfilled");
  const count = (kind: DueItem["kind"]) => done.filter((item) => item.kind === kind).length;
  const failed = [...checks, ...results].filter(({ status }) => status === "rejected").length;
  return { sent: count("binding"), looks: count("look"), lapsed: count("lapse"), failed };
}

const isLook = ({ kind }: DueItem): boolean => kind === "look";

/** Has every cluster looked at from time to time; the queue drops what was sent in the same turn. */
function lookAtClusters({ policy, queue, settings }: SweepPorts, now: string) {
  const turn = floorTo(now, settings.clusterCheckSeconds);
  const names = Object.entries(policy.clusters).flatMap(([name, { retired }]) =>
    retired ? [] : name,
  );
  return Promise.allSettled(
    names.map((name) => queue.sendOnce(clusterSubject(name), "cluster-check", turn)),
  );
}

async function lapse(ports: SweepPorts, id: string, now: string): Promise<void> {
  const step = lapseIfDue(ports, await ports.requests.load(id), now);
  if (!step) return;
  await ports.requests.save(step).catch((error) => {
    // Somebody decided at the last moment; then it does not lapse.
    if (!(error instanceof BrokerError && error.code === "version-conflict")) throw error;
  });
}
