/** Suggests less that rules could lend, by what was done with their grants. Pure. */
import type { ActivitySummary } from "../../domain/evidence/activity/activity-summary.ts";
import {
  UNKNOWN_USES,
  type UnknownUse,
  type UsedGrant,
  usesOf,
} from "../../domain/evidence/activity/used-access.ts";
import type { AccessPolicy, Rule } from "../../domain/policy/policy.ts";
import { lends } from "../../domain/policy/rule-access.ts";
import type { AccessRequest } from "../../domain/requests/request.ts";
import type { RecordedRequest } from "../replay/recorded-request.ts";
import { LEAST_GRANTS, type LessAccess, lessAccess } from "./less-access.ts";

/**
 * Why nothing is suggested for a rule.
 * - `break-glass`: in an emergency, nobody knows beforehand what is needed.
 * - `groups`: only the cluster knows what its groups may do.
 * - `too-few`: fewer than five grants were used, as far as it is known.
 */
export type Silence = "break-glass" | "groups" | "too-few";

export interface RuleSuggestion {
  readonly rule: string;
  readonly silence: Silence | null;
  /** Grants that had access and are over, of access that the rule still lends. */
  readonly grants: number;
  readonly used: number;
  readonly unused: number;
  readonly unknown: Readonly<Record<UnknownUse, number>>;
  /** When the first and the last of these grants were asked for. ISO 8601 UTC; null without a grant. */
  readonly first: string | null;
  readonly last: string | null;
  readonly less: LessAccess | null;
}

export interface Used {
  readonly requests: ReadonlyMap<string, RecordedRequest>;
  /** The last summary of each grant that has one. */
  readonly activity: ReadonlyMap<string, ActivitySummary>;
}

/** @param isChosen the grants that count */
export const suggestPolicy = (
  policy: AccessPolicy,
  record: Used,
  isChosen: (request: RecordedRequest) => boolean,
): readonly RuleSuggestion[] => {
  const grants = [...record.requests].filter(([, each]) => each.wasUsable && isChosen(each));
  const byRule = Map.groupBy(grants, ([, { request }]) => request.rule);
  return policy.rules.map((rule) => suggestionFor(rule, byRule.get(rule.name) ?? [], record));
};

function suggestionFor(
  rule: Rule,
  all: readonly (readonly [string, RecordedRequest])[],
  { activity }: Used,
): RuleSuggestion {
  const grants = all.filter(([, { request }]) => lends(rule, request.access));
  const unknown = Object.fromEntries(UNKNOWN_USES.map((why) => [why, 0])) as Record<
    UnknownUse,
    number
  >;
  const used: UsedGrant[] = [];
  for (const [id, { request }] of grants) {
    const uses = usesOf(request, activity.get(id));
    if (typeof uses === "string") unknown[uses] += 1;
    else if (uses.length > 0) used.push({ request, uses });
  }
  const unknowns = Object.values(unknown).reduce((sum, each) => sum + each, 0);
  const instants = grants.map(([, { asks }]) => asks[0].at).toSorted();
  return {
    rule: rule.name,
    grants: grants.length,
    used: used.length,
    unknown,
    unused: grants.length - used.length - unknowns,
    first: instants[0] ?? null,
    last: instants.at(-1) ?? null,
    ...outcomeFor(
      rule,
      used,
      grants.map(([, { request }]) => request),
      unknowns,
    ),
  };
}

function outcomeFor(
  { breakGlass, access }: Rule,
  used: readonly UsedGrant[],
  all: readonly AccessRequest[],
  unknowns: number,
): Pick<RuleSuggestion, "silence" | "less"> {
  if (breakGlass) return { silence: "break-glass", less: null };
  if ("groups" in access) return { silence: "groups", less: null };
  if (used.length < LEAST_GRANTS) return { silence: "too-few", less: null };
  return { silence: null, less: lessAccess(access, used, all, unknowns) };
}
