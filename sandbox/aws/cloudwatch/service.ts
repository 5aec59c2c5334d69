import { accountOf } from "../accounts.ts";
import { AwsError, type Service } from "../service.ts";

/** An alarm as its stack declares it. */
export interface DeclaredAlarm {
  readonly name: string;
  readonly arn: string;
  readonly description: string;
  readonly actionsEnabled: boolean;
  readonly alarmActions: readonly string[];
  readonly okActions: readonly string[];
  /** Its metric and threshold, by the names that CloudWatch has for them. */
  readonly settings: Readonly<Record<string, unknown>>;
}

interface CloudWatchContext {
  readonly alarms: () => readonly DeclaredAlarm[];
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html */
const MOST = 100;
const MEMBERS = ["AlarmNamePrefix", "AlarmNames", "MaxRecords", "NextToken"];

/** Amazon CloudWatch over AWS JSON 1.0: `DescribeAlarms` alone. The sandbox has no metrics, so no alarm has a state. */
export const cloudWatchService = ({ alarms }: CloudWatchContext): Service => ({
  name: "monitoring",
  protocol: {
    kind: "json",
    version: "1.0",
    targetPrefixes: ["GraniteServiceVersion20100801."],
    queryError: true,
    errorNamespace: "com.amazonaws.cloudwatch#",
  },
  operations: {
    DescribeAlarms: {
      permissions: () => [{ action: "cloudwatch:DescribeAlarms", resource: "*" }],
      run: ({ input, caller: { accountId } }) =>
        page(
          alarms().filter(({ arn }) => accountOf(arn) === accountId),
          input,
        ),
    },
  },
});

type Input = Readonly<Record<string, unknown>>;

function page(all: readonly DeclaredAlarm[], input: Input) {
  const unknown = Object.keys(input).find((name) => !MEMBERS.includes(name));
  if (unknown !== undefined)
    throw new AwsError("ValidationError", 400, `The sandbox does not emulate ${unknown}.`);
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
    MetricAlarms: found.slice(from, next).map(shape),
    ...(next < found.length ? { NextToken: String(next) } : {}),
  };
}

const wanted =
  ({ AlarmNamePrefix: prefix, AlarmNames: names }: Input) =>
  ({ name }: DeclaredAlarm): boolean =>
    (prefix === undefined || name.startsWith(String(prefix))) &&
    (!Array.isArray(names) || names.length === 0 || names.includes(name));

const shape = (alarm: DeclaredAlarm) => ({
  AlarmName: alarm.name,
  AlarmArn: alarm.arn,
  AlarmDescription: alarm.description,
  ActionsEnabled: alarm.actionsEnabled,
  AlarmActions: alarm.alarmActions,
  OKActions: alarm.okActions,
  InsufficientDataActions: [],
  ...alarm.settings,
  StateValue: "INSUFFICIENT_DATA",
});
