import { validation } from "./errors.ts";

/** A call's members by the names of Scheduler's model. */
export type Input = Readonly<Record<string, unknown>>;

/** One constraint of the service model. Lengths for strings, values for numbers. */
export interface Constraint {
  /** `Target.RetryPolicy.MaximumRetryAttempts` */
  readonly member: string;
  readonly type: "string" | "integer" | "timestamp" | "structure" | "list";
  readonly required?: boolean;
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: RegExp;
  readonly values?: readonly string[];
}

const NAME = { type: "string", min: 1, max: 64, pattern: /^[0-9a-zA-Z-_.]+$/ } as const;
const PAGE: readonly Constraint[] = [
  { member: "MaxResults", type: "integer", min: 1, max: 100 },
  { member: "NamePrefix", ...NAME },
  { member: "NextToken", type: "string", min: 1, max: 2048 },
];
const CLIENT_TOKEN: Constraint = {
  member: "ClientToken",
  type: "string",
  min: 1,
  max: 64,
  pattern: /^[a-zA-Z0-9-_]+$/,
};
const NAMED: Constraint = { member: "Name", required: true, ...NAME };
const GROUP: Constraint = { member: "GroupName", ...NAME };
const TAGGED: Constraint = {
  member: "ResourceArn",
  type: "string",
  required: true,
  min: 1,
  max: 1011,
  pattern: /^arn:aws(-[a-z]+)?:scheduler:[a-z0-9-]+:\d{12}:schedule-group\/[0-9a-zA-Z-_.]+$/,
};

const SCHEDULE: readonly Constraint[] = [
  NAMED,
  GROUP,
  CLIENT_TOKEN,
  { member: "ActionAfterCompletion", type: "string", values: ["NONE", "DELETE"] },
  { member: "Description", type: "string", max: 512 },
  { member: "EndDate", type: "timestamp" },
  { member: "StartDate", type: "timestamp" },
  { member: "ScheduleExpression", type: "string", required: true, min: 1, max: 256 },
  { member: "ScheduleExpressionTimezone", type: "string", min: 1, max: 50 },
  { member: "State", type: "string", values: ["ENABLED", "DISABLED"] },
  { member: "FlexibleTimeWindow", type: "structure", required: true },
  {
    member: "FlexibleTimeWindow.Mode",
    type: "string",
    required: true,
    values: ["OFF", "FLEXIBLE"],
  },
  { member: "FlexibleTimeWindow.MaximumWindowInMinutes", type: "integer", min: 1, max: 1440 },
  { member: "Target", type: "structure", required: true },
  { member: "Target.Arn", type: "string", required: true, min: 1, max: 1600 },
  {
    member: "Target.RoleArn",
    type: "string",
    required: true,
    min: 1,
    max: 1600,
    pattern: /^arn:aws(-[a-z]+)?:iam::\d{12}:role\/[\w+=,.@/-]+$/,
  },
  // The model's minimum is one character; the maximum is the quota on the payload, in bytes.
  { member: "Target.Input", type: "string", min: 1, max: 262_144 },
  { member: "Target.DeadLetterConfig", type: "structure" },
  {
    member: "Target.DeadLetterConfig.Arn",
    type: "string",
    min: 1,
    max: 1600,
    // No dot: a FIFO queue cannot be a dead-letter queue.
    pattern: /^arn:aws(-[a-z]+)?:sqs:[a-z0-9-]+:\d{12}:[a-zA-Z0-9-_]+$/,
  },
  { member: "Target.RetryPolicy", type: "structure" },
  {
    member: "Target.RetryPolicy.MaximumEventAgeInSeconds",
    type: "integer",
    min: 60,
    max: 86_400,
  },
  { member: "Target.RetryPolicy.MaximumRetryAttempts", type: "integer", min: 0, max: 185 },
  { member: "Target.SqsParameters", type: "structure" },
  { member: "Target.SqsParameters.MessageGroupId", type: "string", min: 1, max: 128 },
];

/** By operation. Source: the service model of scheduler/2021-06-30. */
export const CONSTRAINTS = {
  CreateSchedule: SCHEDULE,
  UpdateSchedule: SCHEDULE,
  GetSchedule: [NAMED, GROUP],
  DeleteSchedule: [NAMED, GROUP, CLIENT_TOKEN],
  ListSchedules: [
    ...PAGE,
    GROUP,
    { member: "State", type: "string", values: ["ENABLED", "DISABLED"] },
  ],
  CreateScheduleGroup: [NAMED, CLIENT_TOKEN, { member: "Tags", type: "list", max: 200 }],
  GetScheduleGroup: [NAMED],
  DeleteScheduleGroup: [NAMED, CLIENT_TOKEN],
  ListScheduleGroups: PAGE,
  TagResource: [TAGGED, { member: "Tags", type: "list", required: true, max: 200 }],
  UntagResource: [TAGGED, { member: "TagKeys", type: "list", required: true, max: 200 }],
  ListTagsForResource: [TAGGED],
} as const satisfies Readonly<Record<string, readonly Constraint[]>>;

/**
 * Checks a call against its constraints, all at once and in AWS's words.
 *
 * @throws ValidationException that lists everything found
 */
export function checkConstraints(input: Input, constraints: readonly Constraint[]): void {
  const found = constraints.flatMap((constraint) => violations(input, constraint));
  if (found.length === 0) return;
  const noun = found.length === 1 ? "validation error" : "validation errors";
  throw validation(`${found.length} ${noun} detected: ${found.join("; ")}`);
}

function violations(input: Input, constraint: Constraint): readonly string[] {
  const path = constraint.member.split(".");
  const parent = path.slice(0, -1).reduce<unknown>(memberOf, input);
  // A missing structure is reported once, for itself, and not for what it would hold.
  if (parent === undefined || parent === null) return [];
  const value = memberOf(parent, path.at(-1) ?? "");
  const say = (shown: string, what: string) =>
    `Value ${shown} at '${path.map(lowerFirst).join(".")}' failed to satisfy constraint: ${what}`;
  if (value === undefined || value === null)
    return constraint.required ? [say("null", "Member must not be null")] : [];
  if (!TYPES[constraint.type](value))
    return [say(shownValue(value), `Member must be of type ${constraint.type}`)];
  return rulesOf(constraint, value).map((rule) => say(shownValue(value), rule));
}

const TYPES: Readonly<Record<Constraint["type"], (value: unknown) => boolean>> = {
  string: (value) => typeof value === "string",
  integer: (value) => Number.isInteger(value),
  timestamp: (value) => typeof value === "number" && Number.isFinite(value),
  structure: (value) => typeof value === "object" && !Array.isArray(value),
  list: (value) => Array.isArray(value),
};

function rulesOf(constraint: Constraint, value: unknown): readonly string[] {
  const { type, min, max, pattern, values } = constraint;
  const size = type === "integer" ? Number(value) : sizeOf(value);
  const noun = type === "integer" ? "value" : "length";
  return [
    ...(values !== undefined && !values.includes(String(value))
      ? [`Member must satisfy enum value set: [${values.join(", ")}]`]
      : []),
    ...(pattern !== undefined && !pattern.test(String(value))
      ? [`Member must satisfy regular expression pattern: ${pattern.source}`]
      : []),
    ...(max !== undefined && size > max
      ? [`Member must have ${noun} less than or equal to ${max}`]
      : []),
    ...(min !== undefined && size < min
      ? [`Member must have ${noun} greater than or equal to ${min}`]
      : []),
  ];
}

function sizeOf(value: unknown): number {
  if (typeof value === "string") return Buffer.byteLength(value, "utf8");
  return Array.isArray(value) ? value.length : 0;
}

function memberOf(structure: unknown, name: string): unknown {
  return typeof structure === "object" && structure !== null
    ? (structure as Input)[name]
    : undefined;
}

function shownValue(value: unknown): string {
  return typeof value === "object" ? `'${JSON.stringify(value)}'` : `'${String(value)}'`;
}

function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}
