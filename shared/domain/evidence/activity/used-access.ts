/** Compares the summary of a grant's use with AWS's table of access policies. */

import { isDocumented, type Permission, permitsThat, URLS } from "../../policy/permissions.ts";
import type { AccessRequest } from "../../requests/request.ts";
import type { ActivityCount, ActivitySummary } from "./activity-summary.ts";

/** One kind of request that was let through. */
export interface Use extends Permission {
  /** Null for what is in no namespace, and for a list over all of them. */
  readonly namespace: string | null;
}

/** A grant whose use is known, and that was used. */
export interface UsedGrant {
  readonly request: AccessRequest;
  readonly uses: readonly Use[];
}

/**
 * Why nobody can say what a grant needed.
 * - `no-summary`: the record has no summary of it.
 * - `logging-off`: the cluster did not log it.
 * - `too-large`: its audit log was too large to read.
 * - `cut`: the summary lists only a part.
 * - `unpublished`: AWS does not publish the rules of its policy.
 * - `as-others`: something was done as somebody else, by their rights.
 * - `beyond`: the table does not permit what was done, so it is not the table of this cluster's EKS.
 * - `gave-rights`: it wrote a role or a binding, for which its holder must have each right in it.
 */
export const UNKNOWN_USES = [
  "no-summary",
  "logging-off",
  "too-large",
  "cut",
  "unpublished",
  "as-others",
  "beyond",
  "gave-rights",
] as const;
export type UnknownUse = (typeof UNKNOWN_USES)[number];

/** @param summary the last one of the grant; undefined where the record lacks it */
export function usesOf(
  { access }: Pick<AccessRequest, "access">,
  summary: ActivitySummary | undefined,
): readonly Use[] | UnknownUse {
  if ("groups" in access || !isDocumented(access.policy)) return "unpublished";
  if (!summary) return "no-summary";
  if (summary.state !== "read") return summary.state;
  if (summary.isCut) return "cut";
  const done = summary.counts.filter(({ outcome }) => outcome !== "denied");
  if (done.some(({ as }) => as !== undefined)) return "as-others";
  const uses = done.map(useOf);
  const isWhole = access.scope.type === "cluster";
  if (!suffices(access.policy, isWhole, uses)) return "beyond";
  return uses.some(givesRights) ? "gave-rights" : uses;
}

/** Whether a policy permits all of it at the same place. @param isWhole whether it is lent on the whole cluster */
export const suffices = (policy: string, isWhole: boolean, uses: readonly Use[]): boolean =>
  uses.every((use) => (isWhole || use.namespace !== null) && permitsThat({ policy, isWhole }, use));

/** `deployments.apps/scale` is the subresource of a resource of a group. A summary has no paths of URLs. */
function useOf({ verb, resource, namespace }: ActivityCount): Use {
  if (resource === "") return { group: URLS, resource: "*", verb, namespace: null };
  const [whole = "", ...subresource] = resource.split("/");
  const [name = "", ...group] = whole.split(".");
  return {
    group: group.join("."),
    resource: [name, ...subresource].join("/"),
    verb,
    namespace: namespace === "" ? null : namespace,
  };
}

const RBAC = "rbac.authorization.k8s.io";
const WRITES: ReadonlySet<string> = new Set(["create", "update", "patch"]);

/** https://kubernetes.io/docs/reference/access-authn-authz/rbac/#privilege-escalation-prevention-and-bootstrapping */
const givesRights = ({ group, verb }: Use): boolean => group === RBAC && WRITES.has(verb);
