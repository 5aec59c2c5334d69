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

/** `AmazonEKSEditPolicy in payments-api for 1h` */
export const describeTerms = ({ access, durationSeconds }: LessenedTerms): string =>
  `${describeAccess(access)} for ${formatDuration(durationSeconds)}`;
