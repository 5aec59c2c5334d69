/**
 * The policy's facts in the broker's template, so that a later deployment can compare itself with
 * them. Pure.
 */
import type { AccessPolicy } from "../../shared/domain/policy/policy.ts";
import { clusterUses } from "../../shared/policy-file/assembly-record.ts";

/** Its key in the template's Metadata, which GetTemplate answers as it was handed in. */
export const ASSEMBLED = "AccessPolicy";

export const assembledOf = (access: AccessPolicy) => ({
  clusters: clusterUses(access),
  hash: access.hash,
});
