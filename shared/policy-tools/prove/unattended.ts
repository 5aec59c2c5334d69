/** How long access can last while nobody but its holder acts. */
import { type AccessPolicy, memberOf, type Rule } from "../../domain/policy/policy.ts";
import { ruleFor } from "../rule-approval.ts";
import type { Wanted } from "./acting.ts";
import type { Act } from "./fewest.ts";

/** The grants, each with those whose access under its rule lasts longer than `seconds`. */
export const lastingLonger = <Way extends Wanted>(
  policy: AccessPolicy,
  ways: readonly Way[],
  seconds: number,
): readonly Way[] =>
  ways.map((way) => ({
    ...way,
    requesters: way.requesters.filter(
      (name) => longestUnattended(policy, way.rule, name) > seconds,
    ),
  }));

/** The seconds until the first of several grants needs somebody else. */
export const shortestOf = (policy: AccessPolicy, acts: readonly Act[]): number =>
  Math.min(
    ...acts.map(({ wanted, requester }) => longestUnattended(policy, wanted.rule, requester)),
  );

/**
 * The seconds that access under a rule can last, once it began. They count extensions that need nobody, and
 * requests that the policy approves one after the other. They do not count rules that lend the access in turn.
 */
function longestUnattended(policy: AccessPolicy, named: Rule, requester: string): number {
  const member = memberOf(policy, requester);
  const rule = member ? ruleFor(policy, named, member) : named;
  const { approval, atMost, breakGlass, startLatestSeconds } = rule;
  const once = longestChain(rule);
  if (approval.length > 0) return once;
  if (atMost === null || breakGlass) return Number.POSITIVE_INFINITY;
  if (atMost.times * once >= atMost.perSeconds) return Number.POSITIVE_INFINITY;
  // Around the edge of a window both count, and of those that start later each window until then.
  const windows = 2 + Math.floor(startLatestSeconds / atMost.perSeconds);
  return windows * atMost.times * once;
}

/** A grant with the extensions that need nobody. */
const longestChain = (rule: Rule): number =>
  chainOf(rule).reduce((sum, seconds) => sum + seconds, rule.duration.maxSeconds);

/** The seconds of each extension that needs nobody, as long as can be, one after the other. */
export function chainOf({ duration, extend, approval }: Rule): readonly number[] {
  const { maxSeconds } = duration;
  if (!extend || !(extend.approval === "none" || approval.length === 0)) return [];
  return Array.from({ length: extend.times }, (_, before) =>
    Math.min(maxSeconds, extend.totalSeconds - maxSeconds * (1 + before)),
  ).filter((seconds) => seconds > 0);
}
