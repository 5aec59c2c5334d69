/** Rights of access policies, straight from AWS's table as the product's file has it. */
import { readFileSync } from "node:fs";
import path from "node:path";

interface Right {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly nonResourceURLs: readonly string[];
  readonly verbs: readonly string[];
}

const FILE = path.resolve(
  import.meta.dirname,
  "../../shared/domain/policy/access-policy-rules.json",
);
const TABLE: Readonly<Record<string, readonly Right[]>> = JSON.parse(
  readFileSync(FILE, "utf8"),
).policies;

export const CLUSTER_ADMIN = "AmazonEKSClusterAdminPolicy";
/** Kubernetes groups, and policies outside of the table. */
export const EVERYTHING = "everything";

const has = (list: readonly string[], one: string) => list.includes("*") || list.includes(one);

/** Whether a policy gives one right. A URL is `url`, its path and the verb. */
export function gives(policy: string, [group, resource, verb]: readonly string[]): boolean {
  const rights = TABLE[policy];
  if (!rights) return true;
  return rights.some(
    ({ apiGroups, resources, nonResourceURLs, verbs }) =>
      has(verbs, verb ?? "") &&
      (group === "url"
        ? has(nonResourceURLs, resource ?? "")
        : has(apiGroups, group ?? "") && has(resources, resource ?? "")),
  );
}

/** All rights of a policy. In a namespace it gives none on URLs. */
export const rightsOf = (policy: string, isWhole: boolean): readonly (readonly string[])[] =>
  (TABLE[policy] ?? []).flatMap(({ apiGroups, resources, nonResourceURLs, verbs }) =>
    verbs.flatMap((verb) => [
      ...apiGroups.flatMap((group) => resources.map((resource) => [group, resource, verb])),
      ...(isWhole ? nonResourceURLs.map((url) => ["url", url, verb]) : []),
    ]),
  );

/** Creating pods, or impersonating service accounts: a step from cluster admin in the right place. */
export const isStep = (policy: string): boolean =>
  gives(policy, ["", "pods", "create"]) || gives(policy, ["", "serviceaccounts", "impersonate"]);
