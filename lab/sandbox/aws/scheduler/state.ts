/**
 * The state of EventBridge Scheduler. Instants are ISO 8601 UTC here, epoch seconds on the wire.
 */

/** By the names of Scheduler's own API, of which only what is emulated. */
export interface Target {
  /** An SQS queue, or `arn:aws:scheduler:::aws-sdk:eks:<apiAction>`. */
  readonly Arn: string;
  readonly RoleArn: string;
  readonly Input?: string;
  readonly DeadLetterConfig?: { readonly Arn: string };
  readonly RetryPolicy: {
    readonly MaximumEventAgeInSeconds: number;
    readonly MaximumRetryAttempts: number;
  };
  readonly SqsParameters?: { readonly MessageGroupId: string };
}

/**
 * The settings that a caller chose, with defaults filled in: an update replaces them as a whole.
 */
export interface ScheduleSettings {
  readonly Description?: string;
  readonly ScheduleExpression: string;
  /** IANA. */
  readonly ScheduleExpressionTimezone: string;
  readonly StartDate?: string;
  readonly EndDate?: string;
  readonly State: "ENABLED" | "DISABLED";
  readonly FlexibleTimeWindow:
    | { readonly Mode: "OFF" }
    | { readonly Mode: "FLEXIBLE"; readonly MaximumWindowInMinutes: number };
  readonly Target: Target;
  readonly ActionAfterCompletion: "NONE" | "DELETE";
}

/** An occurrence that came due and is not over: delivered, given up, or being retried. */
export interface Invocation {
  readonly id: string;
  /** The nominal instant. */
  readonly scheduledTime: string;
  /** When it came due: the start of its age. */
  readonly dueAt: string;
  attempts: number;
  nextAttemptAt: string;
}

export interface Schedule {
  readonly name: string;
  readonly groupName: string;
  readonly arn: string;
  readonly creationDate: string;
  lastModificationDate: string;
  settings: ScheduleSettings;
  /** Decides jitter, loss and duplicates, so that a restart does not change them. */
  seed: string;
  /** The next nominal instant; null when none will come. */
  next: string | null;
  invocations: Invocation[];
  /** Digests of the requests already carried out, by operation and ClientToken. */
  requests: Record<string, string>;
}

export interface ScheduleGroup {
  readonly name: string;
  readonly arn: string;
  readonly creationDate: string;
  lastModificationDate: string;
  tags: Record<string, string>;
  readonly requests: Record<string, string>;
}

export interface SchedulerState {
  /** By name; `default` is always there. */
  groups: Record<string, ScheduleGroup>;
  /** By `<group>/<name>`. */
  schedules: Record<string, Schedule>;
  /** When what a delete's ClientToken names was deleted. */
  deletions: Record<string, string>;
}

export const DEFAULT_GROUP = "default";

export function initialSchedulerState(
  account: string,
  region: string,
  now: () => number = Date.now,
): SchedulerState {
  const at = new Date(now()).toISOString();
  return {
    groups: {
      [DEFAULT_GROUP]: {
        name: DEFAULT_GROUP,
        arn: groupArn(region, account, DEFAULT_GROUP),
        creationDate: at,
        lastModificationDate: at,
        tags: {},
        requests: {},
      },
    },
    schedules: {},
    deletions: {},
  };
}

export function scheduleKey(groupName: string, name: string): string {
  return `${groupName}/${name}`;
}

export function groupArn(region: string, account: string, name: string): string {
  return `arn:aws:scheduler:${region}:${account}:schedule-group/${name}`;
}

export function scheduleArn(region: string, account: string, group: string, name: string): string {
  return `arn:aws:scheduler:${region}:${account}:schedule/${scheduleKey(group, name)}`;
}
