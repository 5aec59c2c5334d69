import { clusterNamed } from "../../domain/policy/policy.ts";
import { clusterOf } from "../../domain/values/arn.ts";
import { CallFailed } from "../../ports/access-entries.ts";
import type { ConvergePorts } from "../../ports/function-ports.ts";
import { BROKER } from "../converge/binding-grants.ts";
import { type ConvergeRun, factsOf } from "../converge/converge-run.ts";

/**
 * Looks at a cluster of the policy and writes down what it is, for the parts that may not ask
 * EKS. Where EKS does not answer, what was known stands.
 */
export async function checkCluster(
  { entries, clusters, policy, clock }: ConvergePorts,
  name: string,
  run: Pick<ConvergeRun, "log">,
): Promise<void> {
  const clusterArn = clusterNamed(policy, name)?.arn;
  if (clusterArn === undefined) return;
  // 64 characters are the most that STS takes for a session's name.
  const session = { sessionName: `timelatch-c-${name}`.slice(0, 64), sourceIdentity: BROKER };
  try {
    const description = (await entries.cluster(clusterOf(clusterArn), session)) ?? null;
    await clusters.save({ clusterArn, description, checkedAt: clock.now() });
  } catch (error) {
    if (!(error instanceof CallFailed)) throw error;
    run.log("cluster not described", { cluster: name, ...factsOf(error) });
  }
}
