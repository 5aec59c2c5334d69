import { type Json, memberOf } from "./json-answer.ts";

/** More would only be a mistake that keeps a fact unknown. */
const LONGEST_WAIT_SECONDS = 3_600;

/**
 * How long a service asks to wait, in seconds; null where it does not say. Each says it in its own way:
 * Jira by `Retry-After`, PagerDuty by `ratelimit-reset`, and incident.io by a date in the body.
 * https://developer.pagerduty.com/docs/rest-api-rate-limits
 * https://developer.atlassian.com/cloud/jira/platform/rate-limiting/
 * https://docs.incident.io/api-reference/introduction#rate-limits
 */
export function askedWait(headers: Headers, body: Json, nowMs: number): number | null {
  const seconds =
    secondsIn(headers.get("retry-after"), nowMs) ??
    secondsIn(headers.get("ratelimit-reset"), nowMs) ??
    secondsIn(memberOf(memberOf(body, "rate_limit"), "retry_after"), nowMs);
  return seconds === null ? null : Math.min(LONGEST_WAIT_SECONDS, Math.max(1, seconds));
}

/** @param value seconds, or a date as HTTP writes it */
function secondsIn(value: unknown, nowMs: number): number | null {
  if (typeof value !== "string" || value.length > 40) return null;
  if (/^\d{1,9}$/.test(value)) return Number(value);
  const at = Date.parse(/ (GMT|UTC)$/.test(value) ? value : "");
  return Number.isNaN(at) ? null : Math.ceil((at - nowMs) / 1_000);
}
