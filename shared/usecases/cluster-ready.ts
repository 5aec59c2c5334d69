import { clusterOf } from "../domain/arn.ts";
import { obstacleOf } from "../domain/cluster-facts.ts";
import { BrokerError } from "../domain/errors.ts";
import { clusterNamed } from "../domain/policy.ts";
import type { FrontPorts } from "../ports/ports.ts";

/**
 * Refuses a cluster of which converge found out that it can hold no access entry. One that was
 * not looked at yet is given its chance.
 *
 * @throws BrokerError `cluster-not-ready`
 */
export async function requireClusterReady(
  { policy, clusters }: Pick<FrontPorts, "policy" | "clusters">,
  name: string,
): Promise<void> {
  const arn = clusterNamed(policy, name)?.arn;
  const facts = arn === undefined ? undefined : await clusters.load(arn);
  const obstacle = facts && obstacleOf(clusterOf(facts.clusterArn).name, facts);
  if (obstacle)
    throw new BrokerError("cluster-not-ready", obstacle.detail, { reason: obstacle.code });
}
