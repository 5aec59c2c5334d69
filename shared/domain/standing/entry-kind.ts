import { GROUPS } from "../entries/access.ts";
import type { ActualEntry } from "../entries/actual-entry.ts";
import { isServiceLinkedRole, parsePrincipalArn } from "../values/arn.ts";

/**
 * The kind of an entry. `ordinary`: a person's or a program's. The others keep the cluster running:
 * `node` of nodes, `service` of AWS itself, `capability` of an EKS Capability such as Argo CD.
 */
export const ENTRY_KINDS = ["ordinary", "capability", "service", "node"] as const;

export type EntryKind = (typeof ENTRY_KINDS)[number];

/**
 * EKS associates these by itself with the role of a capability. Somebody else may associate them as
 * well, so an entry counts as a capability's only if it has nothing else.
 * https://docs.aws.amazon.com/eks/latest/userguide/capabilities-security.html
 */
const OF_CAPABILITIES: ReadonlySet<string> = new Set([
  "AmazonEKSACKPolicy",
  "AmazonEKSArgoCDClusterPolicy",
  "AmazonEKSArgoCDPolicy",
  "AmazonEKSKROPolicy",
]);

/** By EKS's type, the principal's ARN and the policies, all of them. */
export function entryKind(
  principalArn: string,
  { type, targets }: Pick<ActualEntry, "type" | "targets">,
): EntryKind {
  if (type !== "STANDARD") return "node";
  const principal = parsePrincipalArn(principalArn);
  if (principal && isServiceLinkedRole(principal)) return "service";
  const names = Object.keys(targets).map((target) => target.split("/").at(-1) ?? "");
  const isCapability =
    names.length > 0 && !names.includes(GROUPS) && names.every((name) => OF_CAPABILITIES.has(name));
  return isCapability ? "capability" : "ordinary";
}
