import { describe, expect, it } from "vitest";
import {
  isSame,
  revocation,
  type ScheduleSettings,
} from "../../../../shared/aws/scheduler/wanted-schedule.ts";
import { QUEUE, SCHEDULE_GROUP, SCHEDULER_ROLE } from "../local-aws.ts";

const SETTINGS: ScheduleSettings = {
  deployment: "timelatch",
  group: SCHEDULE_GROUP,
  convergeQueueArn: QUEUE.arn,
  scheduleRoleArn: SCHEDULER_ROLE,
  fuseRoleArn: `${SCHEDULER_ROLE}-fuses`,
  deadLetterArn: `${QUEUE.arn}-lost`,
  brokerAccount: "111122223333",
  brokerRegion: "us-west-2",
};
const wanted = revocation(SETTINGS, "g1", "b".repeat(64), "2026-11-24T10:00:00.000Z");
const { Target } = wanted;
if (!Target) throw new Error("A revocation has a target.");

/** What a stored schedule may have in place of ours, and would then not end the access. */
const OTHERS = [
  ["time", { ScheduleExpression: "at(2026-11-24T10:00:01)" }],
  ["queue", { Target: { ...Target, Arn: `${QUEUE.arn}x` } }],
  ["role", { Target: { ...Target, RoleArn: `${SCHEDULER_ROLE}x` } }],
  ["message", { Target: { ...Target, Input: "{}" } }],
  ["message group", { Target: { ...Target, SqsParameters: { MessageGroupId: "c" } } }],
  ["state", { State: "DISABLED" }],
] as const;

describe("A schedule that is there already", () => {
  it("It is the wanted one if it does the same", () => {
    expect(isSame({ ...wanted, State: "ENABLED" }, wanted)).toBe(true);
  });

  it.each(OTHERS)("It is replaced if its %s is another one", (_, changed) => {
    expect(isSame({ ...wanted, ...changed }, wanted)).toBe(false);
  });
});
