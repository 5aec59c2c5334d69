/** Faults that last: Slack is away for long, and CloudTrail loses records for good. */
import type { Random } from "../../simulation/random.ts";
import type { Action } from "./action.ts";
import { calmSpans, roughSpans } from "./calm.ts";

const SECOND = 1_000;

/** A call without a record counts as missing after 300 s in the sandbox, and a run should settle soon. */
const BEFORE_END = 260 * SECOND;
const LOSING_SECONDS = 8;

export function lostRecords(random: Random, until: number): readonly Action[] {
  return roughSpans(until)
    .map(({ from }) => from + random.between(10, 40) * SECOND)
    .filter((at) => at + BEFORE_END < until)
    .map((at) => ({
      kind: "aws-fault",
      seconds: LOSING_SECONDS,
      at,
      rule: { kind: "trail", effect: "lose", count: random.whole(1, 3) },
    }));
}

/** Correlate looks for a call twenty seconds after it. */
const LOOKED_FOR_AFTER = 17 * SECOND;
const UNLOOKED_SECONDS = 15;

/** EventBridge does not bring some records, and the first look for them fails. */
export const unseenCalls = (random: Random, until: number): readonly Action[] =>
  roughSpans(until).flatMap(({ from }): readonly Action[] => {
    const at = from + random.between(5, 30) * SECOND;
    const look = { service: "cloudtrail", operation: "LookupEvents" };
    const lost: Action = {
      kind: "aws-fault",
      at,
      seconds: 4,
      rule: { kind: "trail", effect: "lose-event", count: 6 },
    };
    const unread: Action = {
      kind: "aws-fault",
      at: at + LOOKED_FOR_AFTER,
      seconds: UNLOOKED_SECONDS,
      rule: { kind: random.pick(["refuse", "throttle"]), ...look },
    };
    return unread.at + UNLOOKED_SECONDS * SECOND < until ? [lost, unread] : [];
  });

const ABSENT_SECONDS = 45;
const absence = (random: Random, at: number): Action => ({
  kind: "slack-fault",
  rule: { kind: "outage" },
  seconds: random.whole(25, ABSENT_SECONDS),
  at,
});

/** Slack is back before a calm time begins, and notify has caught up. */
export function absentSlack(random: Random, until: number): readonly Action[] {
  if (calmSpans(until).length > 0)
    return roughSpans(until).map(({ from }) =>
      absence(random, from + random.between(0, 14) * SECOND),
    );
  const actions: Action[] = [];
  for (let at = random.between(20, 90) * SECOND; ; at += random.between(90, 180) * SECOND) {
    if (at + ABSENT_SECONDS * SECOND >= until) return actions;
    actions.push(absence(random, at));
  }
}
