import { BrokerError } from "../domain/errors.ts";
import { floorTo } from "../domain/instant.ts";
import type { SweepPorts } from "../ports/ports.ts";
import { lapseIfDue } from "./change-request.ts";

export interface SweepReport {
  readonly sent: number;
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
  const turn = floorTo(now, ports.settings.sweepPeriodSeconds);
  const due = await ports.bindings.due(now, ports.settings.sweepLimit);
  const results = await Promise.allSettled(
    due.map((item) =>
      item.kind === "binding"
        ? ports.queue.sendOnce(item.binding, "sweep", turn)
        : lapse(ports, item.requestId, now),
    ),
  );
  const count = (kind: "binding" | "lapse") =>
    due.filter((item, at) => item.kind === kind && results[at]?.status === "fulfilled").length;
  const failed = results.filter(({ status }) => status === "rejected").length;
  return { sent: count("binding"), lapsed: count("lapse"), failed };
}

async function lapse(ports: SweepPorts, id: string, now: string): Promise<void> {
  const step = lapseIfDue(ports, await ports.requests.load(id), now);
  if (!step) return;
  await ports.requests.save(step).catch((error) => {
    // Somebody decided at the last moment; then it does not lapse.
    if (!(error instanceof BrokerError && error.code === "version-conflict")) throw error;
  });
}
