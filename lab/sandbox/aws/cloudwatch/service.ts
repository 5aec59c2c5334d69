import { accountOf } from "../accounts.ts";
import { AwsError, type Protocol, type Service } from "../service.ts";
import { type AlarmState, alarmStates } from "./alarm-states.ts";
import {
  deleteAlarms,
  describeAlarmHistory,
  onlyMembers,
  putMetricAlarm,
  setAlarmState,
} from "./change-alarms.ts";
import type { DeclaredAlarm } from "./declared-alarm.ts";

interface CloudWatchContext {
  /** Those of stacks, of both accounts. */
  readonly alarms: () => readonly DeclaredAlarm[];
  readonly region?: string;
  /** The accounts that have topics. */
  readonly accounts?: readonly string[];
  /** How long a minute of an alarm's period lasts; 5 where absent. */
  readonly minuteSeconds?: number;
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html */
const MOST = 100;
const MEMBERS = ["AlarmNamePrefix", "AlarmNames", "MaxRecords", "NextToken"];

const PROTOCOL: Protocol = {
  kind: "json",
  version: "1.0",
  targetPrefixes: ["GraniteServiceVersion20100801."],
  queryError: true,
  errorNamespace: "com.amazonaws.cloudwatch#",
};

/**
 * Amazon CloudWatch over AWS JSON 1.0: alarms, their states, and what they did. The sandbox has no metrics, so an alarm of
 * a stack has no state of its own: it has what `SetAlarmState` gave it, for a minute at most.
 */
export function cloudWatchService({
  alarms,
  region = "us-west-2",
  accounts = [],
  minuteSeconds = 5,
}: CloudWatchContext): Service {
  const states = alarmStates(minuteSeconds, accounts);
  const alarmsOf = (account: string) =>
    [...alarms(), ...states.made.values()].filter(({ arn }) => accountOf(arn) === account);
  const world = { states, region, alarmsOf };
  return {
    name: "monitoring",
    protocol: PROTOCOL,
    operations: {
      DeleteAlarms: deleteAlarms(world),
      DescribeAlarmHistory: describeAlarmHistory(world),
      DescribeAlarms: {
        permissions: () => [{ action: "cloudwatch:DescribeAlarms", resource: "*" }],
        run: ({ input, caller: { accountId }, now }) =>
          page(alarmsOf(accountId), input, (alarm) => states.stateOf(alarm, now.getTime())),
      },
      PutMetricAlarm: putMetricAlarm(world),
      SetAlarmState: setAlarmState(world),
    },
  };
}

type Input = Readonly<Record<string, unknown>>;

function page(
  all: readonly DeclaredAlarm[],
  input: Input,
  stateOf: (alarm: DeclaredAlarm) => AlarmState,
) {
  onlyMembers(input, MEMBERS);
  const size = input["MaxRecords"] ?? 50;
  const from = Number(input["NextToken"] ?? 0);
  if (typeof size !== "number" || size < 1 || size > MOST)
    throw new AwsError("ValidationError", 400, `MaxRecords must be from 1 to ${MOST}.`);
  if (!Number.isInteger(from))
    throw new AwsError("InvalidNextToken", 400, "The next token is none of this list.");
  const found = all.filter(wanted(input)).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const next = from + size;
  return {
    CompositeAlarms: [],
    MetricAlarms: found.slice(from, next).map((alarm) => shape(alarm, stateOf(alarm))),
    ...(next < found.length ? { NextToken: String(next) } : {}),
  };
}

const wanted =
  ({ AlarmNamePrefix: prefix, AlarmNames: names }: Input) =>
  ({ name }: DeclaredAlarm): boolean =>
    (prefix === undefined || name.startsWith(String(prefix))) &&
    (!Array.isArray(names) || names.length === 0 || names.includes(name));

const shape = (alarm: DeclaredAlarm, StateValue: AlarmState) => ({
  AlarmName: alarm.name,
  AlarmArn: alarm.arn,
  AlarmDescription: alarm.description,
  ActionsEnabled: alarm.actionsEnabled,
  AlarmActions: alarm.alarmActions,
  OKActions: alarm.okActions,
  InsufficientDataActions: [],
  ...alarm.settings,
  StateValue,
});
