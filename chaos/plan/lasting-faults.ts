/** Faults that last: Slack is away for long, and CloudTrail loses records for good. */
import type { Random } from "../../simulation/random.ts";
import type { Action } from "./action.ts";

const SECOND = 1_000;

/** A call without a record counts as missing after 300 s in the sandbox, and a run settles within 240. */
const BEFORE_END = 140 * SECOND;
const LOSING_SECONDS = 8;

export function lostRecords(random: Random, until: number): readonly Action[] {
  const actions: Action[] = [];
  for (
    let at = random.between(10, 60) * SECOND;
    at + BEFORE_END < until;
    at += random.between(60, 120) * SECOND
  )
    actions.push({
      ...{ kind: "aws-fault", seconds: LOSING_SECONDS, at },
      rule: { kind: "trail", effect: "lose", count: random.whole(1, 3) },
    });
  return actions;
}

export function absentSlack(random: Random, until: number): readonly Action[] {
  const actions: Action[] = [];
  for (let at = random.between(20, 90) * SECOND; ; at += random.between(90, 180) * SECOND) {
    const seconds = random.whole(25, 45);
    if (at + seconds * SECOND >= until) return actions;
    actions.push({ kind: "slack-fault", rule: { kind: "outage" }, seconds, at });
  }
}
