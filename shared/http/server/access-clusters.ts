import { obstacleOf } from "../../domain/clusters/cluster-facts.ts";
import { clusterNamed } from "../../domain/policy/policy.ts";
import type { FrontPorts } from "../../ports/function-ports.ts";
import type { AccessClusterAnswer, AccessRuleAnswer } from "../contract/access-answer.ts";

/**
 * The clusters of a caller's rules, each once, with what converge last saw in the way there.
 *
 * @throws BrokerError `dependency-unavailable` where the table does not answer
 */
export async function accessClusters(
  { policy, clusters }: Pick<FrontPorts, "policy" | "clusters">,
  rules: readonly Pick<AccessRuleAnswer, "clusters">[],
): Promise<readonly AccessClusterAnswer[]> {
  const names = [...new Set(rules.flatMap((rule) => rule.clusters))];
  const each = names.map(async (name): Promise<readonly AccessClusterAnswer[]> => {
    const arn = clusterNamed(policy, name)?.arn;
    if (arn === undefined) return [];
    const facts = await clusters.load(arn);
    const obstacle = facts && obstacleOf(name, facts)?.code;
    return [{ name, arn, ...(obstacle ? { obstacle } : {}) }];
  });
  return (await Promise.all(each)).flat();
}
