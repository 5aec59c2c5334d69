/** The policy and the clusters of a broker, as its template says. Pure. */
import { clusterOf } from "../../shared/domain/values/arn.ts";
import type { AssemblyRecord } from "../../shared/policy-file/assembly-record.ts";
import { departedClusters } from "../../shared/policy-file/faults/departure-faults.ts";
import type { Template } from "./assembly.ts";

export interface Assembled {
  readonly clusters: AssemblyRecord["clusters"];
  /** The hash of its policy; undefined where an earlier release wrote the template. */
  readonly hash?: string;
  /** Accounts whose grantor roles converge may assume. A template of an earlier release says no more. */
  readonly accounts: readonly string[];
}

const GRANTOR = /:iam::(\d{12}):role\/[a-z0-9-]+-grantor\b/g;

/** Metadata that `infra/synth/assembled.ts` writes; templates of earlier releases lack it. */
export function assembledIn(template: Template): Assembled {
  const { clusters, hash } = template.Metadata?.AccessPolicy ?? {};
  const named = [...JSON.stringify(template).matchAll(GRANTOR)].map(([, account = ""]) => account);
  const accounts = clusters ? Object.keys(clusters).map((arn) => clusterOf(arn).account) : named;
  return {
    clusters: clusters ?? {},
    ...(hash === undefined ? {} : { hash }),
    accounts: [...new Set(accounts)].sort(),
  };
}

/**
 * The clusters and accounts that leave from one assembly to the next.
 *
 * @returns `clusters` are retired and leave; `lending` names clusters and accounts that leave without having been
 */
export function departedFrom(
  before: Assembled,
  after: Assembled,
): { readonly clusters: readonly string[]; readonly lending: readonly string[] } {
  const gone = departedClusters(before.clusters, after.clusters);
  const accounts = before.accounts.filter((account) => !after.accounts.includes(account));
  const known = gone.map((arn) => clusterOf(arn).account);
  return {
    clusters: gone.filter((arn) => before.clusters[arn] === "retired"),
    lending: [
      ...gone.filter((arn) => before.clusters[arn] !== "retired"),
      ...accounts.filter((account) => !known.includes(account)).map((one) => `account ${one}`),
    ],
  };
}
