import { GROUPS } from "../../shared/domain/entries/access.ts";
import { EMPTY } from "../../shared/domain/values/element-set.ts";
import type { ArmedTimer } from "../fakes/memory-schedules.ts";
import type { EvidenceRuns } from "./evidence/evidence-runs.ts";
import type { FifoQueue } from "./network/fifo-queue.ts";
import type { Network } from "./network/network.ts";
import type { Oracle } from "./oracle/oracle.ts";
import { bindingAt, CLUSTERS, fuseRoleIn } from "./sim-policy.ts";
import type { Stage } from "./stage.ts";
import type { WorldFakes } from "./world-fakes.ts";

export interface TimerTargets {
  readonly queue: FifoQueue;
  readonly network: Network;
  readonly entries: WorldFakes["entries"];
  readonly oracle: Oracle;
  readonly trail: EvidenceRuns["trail"];
}

/**
 * Does what a timer is for: sends the message of a revocation, or removes what a fuse is armed on.
 *
 * @returns whether the target answered; Scheduler tries again where it did not
 */
export function fireTimer(stage: Stage, targets: TimerTargets, timer: ArmedTimer): boolean {
  const { queue, network, entries, oracle } = targets;
  const { note } = stage;
  if (timer.kind === "revocation") {
    const { binding } = timer;
    if (network.isDown("sqs")) return false;
    note("scheduler", () => `revocation of ${timer.grantId} fires`);
    // Scheduler's messages are deduplicated by their content.
    queue.send(binding, "revocation-time", `${binding} ${timer.grantId}`);
    return true;
  }
  if (network.isDown("eks", timer.address.cluster.region)) return false;
  const truth = oracle.truths.get(bindingAt(timer.address));
  note("scheduler", () => `fuse of ${timer.target} fires on ${truth?.name}`);
  if (truth) oracle.fuseFires(truth, timer);
  logFuse(stage, targets, timer);
  entries.edit(timer.address, (entry) => {
    if (!entry || timer.target === GROUPS) return undefined;
    const { [timer.target]: _removed, ...left } = entry.targets;
    return { tags: entry.tags, targets: left };
  });
  if (truth) oracle.inspect(truth);
  return true;
}

/** CloudTrail shows a fuse's call, even where there is nothing left to remove. */
function logFuse(
  { time }: Stage,
  { entries, trail }: TimerTargets,
  { address, target, name, at }: Extract<ArmedTimer, { kind: "fuse" }>,
): void {
  const isEntry = target === GROUPS;
  const roleArn = fuseRoleIn(address.cluster.account);
  const entry = entries.peek(address);
  const isThere = isEntry ? entry !== undefined : entry?.targets[target] !== undefined;
  trail.log(
    {
      operation: isEntry ? "DeleteAccessEntry" : "DisassociateAccessPolicy",
      clusterArn: CLUSTERS[address.cluster.name] ?? "",
      principalArn: address.principalArn,
      target: isEntry ? null : target,
      elements: EMPTY,
      caller: { kind: "role", roleArn, sessionName: "scheduler" },
      requestId: `${name} ${time.now}`.replace(" ", "-"),
      at: time.now,
      errorCode: isThere ? null : "ResourceNotFoundException",
    },
    { kind: "ours", baseline: EMPTY, fuseAt: Date.parse(at) },
  );
}
