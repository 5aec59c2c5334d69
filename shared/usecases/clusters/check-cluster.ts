import { clusterNamed } from "../../domain/policy/policy.ts";
import { clusterOf } from "../../domain/values/arn.ts";
import { CallFailed } from "../../ports/access-entries.ts";
import type { ConvergePorts } from "../../ports/function-ports.ts";
import { BROKER } from "../converge/binding-grants.ts";
import { type ConvergeRun, factsOf } from "../converge/converge-run.ts";

/**
 * Looks up a cluster of the policy and stores its facts, for functions that may not call EKS. If
 * EKS does not answer, the stored facts stay.
 */
export async function checkCluster(
  { entries, clusters, policy, clock }: ConvergePorts,
  name: string,
  run: Pick<ConvergeRun, "log">,
): Promise<void> {
  const clusterArn = clusterNamed(policy, name)?.arn;
  if (clusterArn === undefined) return;
  // STS allows 64 characters for a session name.
  const session = { sessionName: `timelatch-c-${name}`.slice(0, 64), sourceIdentity: BROKER };
  try {
    const description = (await entries.cluster(clusterOf(clusterArn), session)) ?? null;
    await clusters.save({ clusterArn, description, checkedAt: clock.now() });
  } catch (error) {
    if (!(error instanceof CallFailed)) throw error;
    run.log("cluster not described", { cluster: name, ...factsOf(error) });
  }
}
