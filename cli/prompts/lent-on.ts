import type { AccessAnswer } from "../../shared/http/contract/access-answer.ts";
import { noSuchCluster } from "../kubernetes/lent-cluster.ts";

/**
 * The access that may be asked for on one cluster.
 *
 * @throws Failure `usage` where that is nothing
 */
export function lentOn(lent: AccessAnswer, cluster: string): AccessAnswer {
  const rules = lent.rules
    .filter(({ clusters }) => clusters.includes(cluster))
    .map((rule) => ({ ...rule, clusters: [cluster] }));
  if (rules.length > 0) return { ...lent, rules };
  throw noSuchCluster(cluster, [...new Set(lent.rules.flatMap(({ clusters }) => clusters))]);
}
