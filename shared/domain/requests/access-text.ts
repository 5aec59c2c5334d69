import type { Access } from "./request.ts";

/** Describes the access in words: `AmazonEKSEditPolicy in payments-api`. */
export function describeAccess(access: Access): string {
  if ("groups" in access) return `Kubernetes groups ${access.groups.join(", ")}`;
  const { policy, scope } = access;
  return scope.type === "cluster"
    ? `${policy} on the whole cluster`
    : `${policy} in ${scope.namespaces.join(", ")}`;
}
