import { CONSTRAINTS, checkConstraints, type Input } from "./constraints.ts";
import { notEmulated, validation } from "./errors.ts";
import { checkTimezone, parseExpression } from "./expression.ts";
import type { ScheduleSettings, Target } from "./state.ts";
import { checkUniversalTarget, isUniversalTarget } from "./universal-target.ts";

const SQS_QUEUE = /^arn:aws:sqs:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]+(\.fifo)?$/;
const DEFAULT_RETRY = { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 } as const;
/** How far back a StartDate may lie. */
const START_TOLERANCE_MS = 5 * 60 * 1000;

const UNSUPPORTED: readonly string[] = ["KmsKeyArn"];
const UNSUPPORTED_OF_TARGET: readonly string[] = [
  "EcsParameters",
  "EventBridgeParameters",
  "EventBridgePutEventsV2Parameters",
  "EventBridgePutRawEventsParameters",
  "KinesisParameters",
  "SageMakerPipelineParameters",
];

/**
 * Reads and checks what CreateSchedule and UpdateSchedule say, with every default filled in, so
 * that an update replaces the whole.
 *
 * @param now milliseconds since 1970
 * @throws ValidationException
 */
export function settingsFrom(
  operation: "CreateSchedule" | "UpdateSchedule",
  input: Input,
  now: number,
): ScheduleSettings {
  checkConstraints(input, CONSTRAINTS[operation]);
  refuse(input, UNSUPPORTED, "");
  const expressionText = String(input["ScheduleExpression"]);
  const expression = parseExpression(expressionText);
  const timezone = optionalString(input, "ScheduleExpressionTimezone") ?? "UTC";
  checkTimezone(timezone);
  const start = optionalNumber(input, "StartDate");
  const end = optionalNumber(input, "EndDate");
  // Both are ignored for one-time schedules, and so not checked there either.
  if (expression.kind === "rate") checkDates(start, end, now);
  const description = optionalString(input, "Description");
  return {
    ...(description === undefined ? {} : { Description: description }),
    ScheduleExpression: expressionText,
    ScheduleExpressionTimezone: timezone,
    ...(start === undefined ? {} : { StartDate: iso(start) }),
    ...(end === undefined ? {} : { EndDate: iso(end) }),
    State: input["State"] === "DISABLED" ? "DISABLED" : "ENABLED",
    FlexibleTimeWindow: windowOf(structure(input, "FlexibleTimeWindow")),
    Target: targetOf(structure(input, "Target")),
    ActionAfterCompletion: input["ActionAfterCompletion"] === "DELETE" ? "DELETE" : "NONE",
  };
}

function checkDates(start: number | undefined, end: number | undefined, now: number): void {
  if (start !== undefined && start * 1000 < now - START_TOLERANCE_MS)
    throw validation("The StartDate you specify cannot be earlier than 5 minutes ago.");
  if (end !== undefined && end * 1000 <= (start === undefined ? now : start * 1000))
    throw validation("The EndDate you specify must come after the StartDate and the present.");
}

function windowOf(input: Input): ScheduleSettings["FlexibleTimeWindow"] {
  const minutes = optionalNumber(input, "MaximumWindowInMinutes");
  if (input["Mode"] === "OFF") {
    if (minutes !== undefined)
      throw validation("MaximumWindowInMinutes must not be given when the Mode is OFF.");
    return { Mode: "OFF" };
  }
  if (minutes === undefined)
    throw validation("MaximumWindowInMinutes must be given when the Mode is FLEXIBLE.");
  return { Mode: "FLEXIBLE", MaximumWindowInMinutes: minutes };
}

function targetOf(input: Input): Target {
  refuse(input, UNSUPPORTED_OF_TARGET, "Target.");
  const arn = String(input["Arn"]);
  const payload = optionalString(input, "Input");
  const group = optionalString(structure(input, "SqsParameters"), "MessageGroupId");
  if (isUniversalTarget(arn)) checkUniversalTarget(arn, payload);
  else checkQueueTarget(arn, payload);
  if (isUniversalTarget(arn) && group !== undefined)
    throw validation("SqsParameters are for templated SQS targets only.");
  const retry = structure(input, "RetryPolicy");
  const deadLetters = optionalString(structure(input, "DeadLetterConfig"), "Arn");
  return {
    Arn: arn,
    RoleArn: String(input["RoleArn"]),
    ...(payload === undefined ? {} : { Input: payload }),
    ...(deadLetters === undefined ? {} : { DeadLetterConfig: { Arn: deadLetters } }),
    RetryPolicy: {
      MaximumEventAgeInSeconds:
        optionalNumber(retry, "MaximumEventAgeInSeconds") ?? DEFAULT_RETRY.MaximumEventAgeInSeconds,
      MaximumRetryAttempts:
        optionalNumber(retry, "MaximumRetryAttempts") ?? DEFAULT_RETRY.MaximumRetryAttempts,
    },
    ...(group === undefined ? {} : { SqsParameters: { MessageGroupId: group } }),
  };
}

function checkQueueTarget(arn: string, payload: string | undefined): void {
  if (!/^arn:aws[a-z-]*:[a-z0-9-]+:/.test(arn))
    throw validation("Provided Arn is not in correct format.");
  if (!SQS_QUEUE.test(arn)) throw notEmulated(`The target ${arn}`);
  if (payload === undefined)
    throw notEmulated("A target without Input, which gets a default notification,");
}

function refuse(input: Input, members: readonly string[], prefix: string): void {
  const given = members.find((member) => input[member] !== undefined && input[member] !== null);
  if (given !== undefined) throw notEmulated(`${prefix}${given}`);
}

function structure(input: Input, member: string): Input {
  return (input[member] ?? {}) as Input;
}

/** Types were checked with the constraints. */
function optionalString(input: Input, member: string): string | undefined {
  const value = input[member];
  return typeof value === "string" ? value : undefined;
}

function optionalNumber(input: Input, member: string): number | undefined {
  const value = input[member];
  return typeof value === "number" ? value : undefined;
}

function iso(epochSeconds: number): string {
  return new Date(epochSeconds * 1000).toISOString();
}
