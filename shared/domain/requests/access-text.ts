import { formatDuration } from "../values/duration.ts";
import type { Access, LessenedTerms } from "./request.ts";

/** Describes the access in words: `AmazonEKSEditPolicy in payments-api`. */
export function describeAccess(access: Access): string {
  if ("groups" in access) return `Kubernetes groups ${access.groups.join(", ")}`;
  const { policy, scope } = access;
  return scope.type === "cluster"
    ? `${policy} on the whole cluster`
    : `${policy} in ${scope.namespaces.join(", ")}`;
}

/** As {@link describeAccess}, on a cluster: `AmazonEKSEditPolicy in a on prod`, `… on all of prod`. */
export const describeAccessOn = (access: Access, cluster: string): string =>
  "policy" in access && access.scope.type === "cluster"
    ? `${access.policy} on all of ${cluster}`
    : `${describeAccess(access)} on ${cluster}`;

/** `AmazonEKSEditPolicy in payments-api for 1h` */
export const describeTerms = ({ access, durationSeconds }: LessenedTerms): string =>
  `${describeAccess(access)} for ${formatDuration(durationSeconds)}`;
