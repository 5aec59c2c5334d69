import type { ArmedTimer } from "../test/fakes/memory-schedules.ts";
import type { FifoQueue } from "./fifo-queue.ts";
import type { Network } from "./network.ts";
import type { Oracle } from "./oracle.ts";
import { bindingAt } from "./sim-policy.ts";
import type { Stage } from "./stage.ts";
import type { WorldFakes } from "./world-fakes.ts";

export interface TimerTargets {
  readonly queue: FifoQueue;
  readonly network: Network;
  readonly entries: WorldFakes["entries"];
  readonly oracle: Oracle;
}

/**
 * Does what a timer is for: sends the message of a revocation, or removes what a fuse is armed on.
 *
 * @returns whether the target answered; Scheduler tries again where it did not
 */
export function fireTimer(
  { note }: Stage,
  { queue, network, entries, oracle }: TimerTargets,
  timer: ArmedTimer,
): boolean {
  if (timer.kind === "revocation") {
    const { binding } = timer;
    if (network.isDown("sqs")) return false;
    note("scheduler", () => `revocation of ${timer.grantId} fires`);
    // Scheduler's messages are deduplicated by their content.
    queue.send(binding, "revocation-time", `${binding} ${timer.grantId}`);
    return true;
  }
  if (network.isDown("eks")) return false;
  const truth = oracle.truths.get(bindingAt(timer.address));
  note("scheduler", () => `fuse of ${timer.target} fires on ${truth?.name}`);
  if (truth) oracle.fuseFires(truth, timer);
  entries.edit(timer.address, (entry) => {
    if (!entry || timer.target === "groups") return undefined;
    const { [timer.target]: _removed, ...left } = entry.targets;
    return { tags: entry.tags, targets: left };
  });
  if (truth) oracle.inspect(truth);
  return true;
}
