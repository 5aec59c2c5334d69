import type { ClusterFacts } from "../../domain/clusters/cluster-facts.ts";
import { type Judgement, judgeAsk } from "../../domain/policy/judge-ask.ts";
import { clusterNamed, type Member } from "../../domain/policy/policy.ts";
import type { Ask } from "../../domain/requests/ask.ts";
import type { FrontPorts } from "../../ports/function-ports.ts";

export interface JudgedRequest {
  readonly judgement: Judgement;
  /** What converge last saw of the cluster; undefined if it was not checked yet. */
  readonly facts: ClusterFacts | undefined;
}

/** Decides an ask at `at`. A cluster that was never checked is no reason to refuse. */
export async function judgeRequest(
  { policy, clusters }: FrontPorts,
  member: Member,
  ask: Ask,
  at: string,
): Promise<JudgedRequest> {
  const cluster = clusterNamed(policy, ask.cluster);
  const facts = cluster && (await clusters.load(cluster.arn));
  return { judgement: judgeAsk(policy, member, ask, at, facts), facts };
}
