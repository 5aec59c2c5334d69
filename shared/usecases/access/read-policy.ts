/** The whole policy, for those who answer for it. */
import type { Actor } from "../../domain/policy/actor.ts";
import { type AccessPolicy, hasRole } from "../../domain/policy/policy.ts";
import { BrokerError } from "../../domain/values/errors.ts";

/** @throws BrokerError `forbidden` unless the actor is an auditor or an admin */
export function readPolicy(
  { policy }: { readonly policy: AccessPolicy },
  { member }: Actor,
): AccessPolicy {
  if (hasRole(policy, member, "auditors") || hasRole(policy, member, "admins")) return policy;
  throw new BrokerError(
    "forbidden",
    "Only auditors and admins may read the whole policy. Nothing was read; ask one of them, or read what applies to you.",
  );
}
