import type { ClusterFacts } from "../../domain/clusters/cluster-facts.ts";
import { blockedForProgram } from "../../domain/policy/agent-approval.ts";
import { type Judgement, judgeAsk } from "../../domain/policy/judge-ask.ts";
import type { KnownOnCall } from "../../domain/policy/known-on-call.ts";
import { clusterNamed, type Member } from "../../domain/policy/policy.ts";
import { shortShift } from "../../domain/policy/shift-end.ts";
import type { Ask } from "../../domain/requests/ask.ts";
import type { FrontPorts } from "../../ports/function-ports.ts";
import { lookAgainFor } from "../facts/read-schedules.ts";
import { stoppedAsk } from "../stops/may-act.ts";
import { withoutRoom } from "./entry-room.ts";
import { blockedByGlass } from "./open-glass.ts";
import { blockedByReview } from "./overdue-reviews.ts";

/**
 * Decides an ask at `at`. A cluster that was never checked is no reason to refuse.
 *
 * @param onCall what is known of the asker
 */
export async function judgeRequest(
  ports: FrontPorts,
  member: Member,
  ask: Ask,
  at: string,
  onCall: KnownOnCall,
): Promise<Judgement> {
  const judgement = judgeAsk(ports.policy, member, ask, at, await knownOf(ports, ask), onCall);
  if (!judgement.allowed) await lookAgainFor(ports, judgement);
  return (
    (judgement.allowed &&
      (blockedForProgram(judgement.rule, ask) ??
        shortShift(judgement, ask.startsAt ?? at, ports.settings) ??
        (await stoppedAsk(ports, member)) ??
        (await blockedByReview(ports, member, judgement, at)) ??
        (await blockedByGlass(ports, member, judgement, at)) ??
        (await withoutRoom(ports, member.name, ask, judgement)))) ||
    judgement
  );
}

/** The facts that converge last saw of the cluster; undefined if it was not checked yet. */
export async function knownOf(
  { policy, clusters }: FrontPorts,
  ask: Pick<Ask, "cluster">,
): Promise<ClusterFacts | undefined> {
  const cluster = clusterNamed(policy, ask.cluster);
  return cluster && (await clusters.load(cluster.arn));
}
