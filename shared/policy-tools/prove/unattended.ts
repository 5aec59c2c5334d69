import type { Rule } from "../../domain/policy/policy.ts";

/**
 * The seconds that access under a rule can last while nobody but its holder acts, once it began.
 * They count extensions that need nobody, and requests that the policy approves one after the
 * other. It does not count rules that lend the access in turn.
 */
export function longestUnattended(rule: Rule): number {
  const { duration, extend, approval, atMost, breakGlass, startLatestSeconds } = rule;
  const once =
    extend?.approval === "none" || (extend && approval.length === 0)
      ? Math.max(duration.maxSeconds, extend.totalSeconds)
      : duration.maxSeconds;
  if (approval.length > 0) return once;
  if (atMost === null || breakGlass) return Number.POSITIVE_INFINITY;
  if (atMost.times * once >= atMost.perSeconds) return Number.POSITIVE_INFINITY;
  // Around the edge of a window both count, and of those that start later each window until then.
  const windows = 2 + Math.floor(startLatestSeconds / atMost.perSeconds);
  return windows * atMost.times * once;
}
