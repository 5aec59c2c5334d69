/** Finds the cluster that somebody means, and the role under which they use it. */

import {
  type ClusterArn,
  parseClusterArn,
  parsePrincipalArn,
} from "../../shared/domain/values/arn.ts";
import { meantText } from "../../shared/domain/values/nearest-text.ts";
import type {
  AccessAnswer,
  AccessClusterAnswer,
} from "../../shared/http/contract/access-answer.ts";
import { Failure } from "../failures/failure.ts";

/** A cluster on which the caller may ask for something. */
export interface LentCluster {
  /** The name in `access.yaml`. */
  readonly name: string;
  readonly arn: string;
  readonly cluster: ClusterArn;
  /** The role that access is lent to: the one in the cluster's account. */
  readonly roleArn: string;
}

/** Every cluster of somebody's rules, by the name in the file. @throws Failure `usage` */
export const lentClusters = (lent: AccessAnswer, role?: string): readonly LentCluster[] =>
  lent.clusters.map((one) => lentCluster(lent, one, role));

/** The cluster that is meant, by its name in the file. @throws Failure `usage` */
export function clusterNamed(lent: AccessAnswer, name: string, role?: string): LentCluster {
  const found = lent.clusters.find((one) => one.name === name);
  if (found) return lentCluster(lent, found, role);
  throw noSuchCluster(
    name,
    lent.clusters.map((one) => one.name),
  );
}

/** @param names of the clusters that somebody's rules lend on */
export function noSuchCluster(name: string, names: readonly string[]): Failure {
  return new Failure("usage", "no-such-cluster", {
    what: `No rule lends you anything on a cluster called "${name}".${meantText(name, names)}`,
    notDone: "Nothing was changed.",
    findings: names.length > 0 ? [`Clusters: ${names.join(", ")}`] : [],
    next: [
      names.length > 0
        ? "Next: name one of your clusters."
        : "Next: see what you may ask for with timelatch access.",
    ],
  });
}

/** @param role what was named; else the only one in the cluster's account */
function lentCluster(
  { principals }: AccessAnswer,
  { name, arn }: AccessClusterAnswer,
  role: string | undefined,
): LentCluster {
  const cluster = parseClusterArn(arn);
  const [own, ...others] = principals.filter((principal) =>
    role === undefined
      ? parsePrincipalArn(principal)?.account === cluster?.account
      : principal === role,
  );
  if (cluster && own !== undefined && others.length === 0)
    return { name, arn, cluster, roleArn: own };
  throw new Failure("usage", "which-role", {
    what:
      own === undefined
        ? role === undefined
          ? `You have no role in the account of ${name}.`
          : `${role} is not among your principals.`
        : `You have several roles in the account of ${name}.`,
    notDone: "Nothing was changed.",
    findings: own === undefined ? [] : [own, ...others],
    next: ["Next: name the role that you use there with --role <arn>."],
  });
}
