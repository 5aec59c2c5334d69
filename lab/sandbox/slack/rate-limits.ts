/**
 * Slack's limits for one app in one workspace: https://docs.slack.dev/apis/web-api/rate-limits.
 * Each tier is counted over the last minute. chat.postMessage takes one message a second and
 * channel. The short bursts that Slack may allow are not promised, and not given here.
 */
import type { JsonObject } from "./blocks/check.ts";
import type { SlackMethod } from "./methods/method.ts";

export interface RateLimits {
  /**
   * Counts a call.
   * @returns the seconds to wait, at least 1, where it is one too many; it does not count then
   */
  readonly count: (name: string, method: SlackMethod, args: JsonObject) => number | undefined;
}

const MINUTE_MS = 60_000;
const SECOND_MS = 1_000;

export function rateLimits(now: () => Date): RateLimits {
  const calls = new Map<string, readonly number[]>();
  return {
    count(name, { limit }, args) {
      const [most, windowMs, key] =
        "perMinute" in limit
          ? [limit.perMinute, MINUTE_MS, name]
          : [limit.perSecondAndChannel, SECOND_MS, `${name} ${String(args["channel"])}`];
      const at = now().getTime();
      const recent = (calls.get(key) ?? []).filter((each) => at - each < windowMs);
      const [oldest] = recent;
      if (oldest !== undefined && recent.length >= most)
        return Math.max(1, Math.ceil((oldest + windowMs - at) / 1_000));
      calls.set(key, [...recent, at]);
      return undefined;
    },
  };
}
