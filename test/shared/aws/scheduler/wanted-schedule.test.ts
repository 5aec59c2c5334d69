import { describe, expect, it } from "vitest";
import {
  isSame,
  retry,
  revocation,
  type ScheduleSettings,
} from "../../../../shared/aws/scheduler/wanted-schedule.ts";
import { QUEUE, SCHEDULE_GROUP, SCHEDULER_ROLE } from "../local-aws.ts";

const SETTINGS: ScheduleSettings = {
  deployment: "timelatch",
  group: SCHEDULE_GROUP,
  convergeQueueArn: QUEUE.arn,
  scheduleRoleArn: SCHEDULER_ROLE,
  deadLetterArn: `${QUEUE.arn}-lost`,
  brokerAccount: "111122223333",
  brokerRegion: "us-west-2",
};
const wanted = revocation(SETTINGS, "g1", "b".repeat(64), "2026-11-24T10:00:00.000Z");
const { Target } = wanted;
if (!Target) throw new Error("A revocation has a target.");

/** Differences of a stored schedule from ours by which it would not end the access. */
const OTHERS = [
  ["time", { ScheduleExpression: "at(2026-11-24T10:00:01)" }],
  ["queue", { Target: { ...Target, Arn: `${QUEUE.arn}x` } }],
  ["role", { Target: { ...Target, RoleArn: `${SCHEDULER_ROLE}x` } }],
  ["message", { Target: { ...Target, Input: "{}" } }],
  // As an earlier release made it: others could send the same, and SQS would drop this one.
  ["nonce", { Target: { ...Target, Input: Target.Input?.replace(/,"nonce":"[^"]+"/, "") } }],
  ["message group", { Target: { ...Target, SqsParameters: { MessageGroupId: "c" } } }],
  ["state", { State: "DISABLED" }],
] as const;

/** SQS drops a message for five minutes after one with the same body, which others could send. */
describe("A message that a schedule sends", () => {
  it.each([
    ["end", () => revocation(SETTINGS, "g1", "b".repeat(64), "2026-11-24T10:00:00.000Z")],
    ["retry", () => retry(SETTINGS, "b".repeat(64), "2026-11-24T10:00:00.000Z")],
  ])("Nobody who cannot read the schedule of an %s can send its message before", (_, made) => {
    const [one, other] = [made().Target?.Input, made().Target?.Input];
    expect(JSON.parse(one ?? "")).toMatchObject({
      nonce: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect(one).not.toBe(other);
  });
});

describe("A schedule that is there already", () => {
  it("It is the wanted one if it does the same", () => {
    expect(isSame({ ...wanted, State: "ENABLED" }, wanted)).toBe(true);
  });

  it("It is the wanted one although each has a nonce of its own", () => {
    const again = revocation(SETTINGS, "g1", "b".repeat(64), "2026-11-24T10:00:00.000Z");
    expect(again.Target?.Input).not.toBe(Target.Input);
    expect(isSame({ ...again, State: "ENABLED" }, wanted)).toBe(true);
  });

  it.each(OTHERS)("It is replaced if its %s is another one", (_, changed) => {
    expect(isSame({ ...wanted, ...changed }, wanted)).toBe(false);
  });
});
