import { BrokerError } from "../../domain/values/errors.ts";
import { floorTo } from "../../domain/values/instant.ts";
import type { DueItem } from "../../ports/binding-store.ts";
import { clusterSubject } from "../../ports/converge-queue.ts";
import type { SweepPorts } from "../../ports/function-ports.ts";
import { lapseIfDue } from "../requests/change-request.ts";

/** What one sweep did, for its log. */
export interface SweepReport {
  /** Bindings that it sent to converge, by what they are due for. */
  readonly removals: number;
  readonly confirmations: number;
  readonly additions: number;
  /** As many as the limit leaves says that drift checks are late. */
  readonly driftChecks: number;
  readonly lapsed: number;
  /** What could not be dealt with; it stays due, and the next sweep takes it. */
  readonly failed: number;
  /** How many messages waited before this sweep sent any; null where the queue did not say. */
  readonly backlog: number | null;
}

/** In this order, each kind only once the one before is sent. */
const ORDER: readonly (readonly DueItem["kind"][])[] = [
  ["removal"],
  ["confirmation"],
  ["addition", "lapse"],
  ["drift-check"],
];

/**
 * Finds what is due and sees to it: sends bindings to converge, lapses what nobody answered.
 * One item that fails keeps no other from its turn. Drift checks wait for a sweep that finds the
 * queue empty: groups of a FIFO queue may overtake each other, so that an end could wait behind them.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/FIFO-queues-understanding-logic.html
 */
export async function sweep(ports: SweepPorts): Promise<SweepReport> {
  const now = ports.clock.now();
  // A failure is no reason to let drift go unseen.
  const backlog = await ports.queue.backlog().catch(() => null);
  const due = (await ports.bindings.due(now, ports.settings.sweepLimit)).filter(
    ({ kind }) => kind !== "drift-check" || !backlog,
  );
  const done: DueItem["kind"][] = [];
  let failed = 0;
  for (const kinds of ORDER) {
    const items = due.filter(({ kind }) => kinds.includes(kind));
    const results = await Promise.allSettled(items.map((item) => dealWith(ports, item, now)));
    failed += failures(results);
    done.push(
      ...items.flatMap(({ kind }, at) => (results[at]?.status === "fulfilled" ? [kind] : [])),
    );
  }
  failed += failures(await askAboutClusters(ports, now));
  const count = (kind: DueItem["kind"]) => done.filter((each) => each === kind).length;
  return {
    removals: count("removal"),
    confirmations: count("confirmation"),
    additions: count("addition"),
    driftChecks: count("drift-check"),
    lapsed: count("lapse"),
    failed,
    backlog,
  };
}

const failures = (results: readonly PromiseSettledResult<unknown>[]): number =>
  results.filter(({ status }) => status === "rejected").length;

function dealWith(ports: SweepPorts, item: DueItem, now: string): Promise<void> {
  if (item.kind === "lapse") return lapse(ports, item.requestId, now);
  // Half a period, since the rule fires some seconds early or late: two sweeps of one whole minute
  // are two turns, and one sweep that is repeated is one.
  const turn = floorTo(now, ports.settings.sweepPeriodSeconds / 2);
  const cause = item.kind === "drift-check" ? "drift-check" : "sweep";
  return ports.queue.sendOnce(item.binding, cause, turn);
}

/** Has every cluster looked at from time to time; the queue drops what was sent in the same turn. */
function askAboutClusters({ policy, queue, settings }: SweepPorts, now: string) {
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
