/** The policies of a report in words. */
import type { SeenPolicy } from "../../shared/domain/evidence/report/policies-seen.ts";
import { counted } from "./bundle-text.ts";

/** The limits of what events say about policies. */
export const POLICIES_UNKNOWN =
  "Events do not say what a policy changed, who changed it, or when between two events that was. A policy under which no event happened is not listed. The repository of access.yaml and the archive's policies say more.";

/** A line each. */
export const policyLines = (policies: readonly SeenPolicy[]): readonly string[] =>
  policies.map(
    ({ policyHash, firstSeen, lastSeen, events }) =>
      `${policyHash}: ${counted(events, "event")}, first ${firstSeen}, last ${lastSeen}`,
  );
