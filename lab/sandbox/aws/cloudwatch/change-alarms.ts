/** Operations that change alarms, and the list of what alarms did. */
import { AwsError, type Operation } from "../service.ts";
import { type AlarmStates, STATES } from "./alarm-states.ts";
import type { DeclaredAlarm } from "./declared-alarm.ts";

export interface AlarmWorld {
  readonly states: AlarmStates;
  readonly region: string;
  /** Those of stacks, and those that somebody made. */
  readonly alarmsOf: (account: string) => readonly DeclaredAlarm[];
}

type Input = Readonly<Record<string, unknown>>;

const alarmArn = (region: string, account: string, name: unknown): string =>
  `arn:aws:cloudwatch:${region}:${account}:alarm:${String(name)}`;

const invalid = (message: string) => new AwsError("ValidationError", 400, message);
const absent = () => new AwsError("ResourceNotFound", 404, "There is no alarm of that name.");

/** Refuses by name what would otherwise be passed over. */
export function onlyMembers(input: Input, members: readonly string[]): void {
  const unknown = Object.keys(input).find((name) => !members.includes(name));
  if (unknown !== undefined) throw invalid(`The sandbox does not emulate ${unknown}.`);
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_SetAlarmState.html */
export const setAlarmState = ({ states, region, alarmsOf }: AlarmWorld): Operation => ({
  permissions: ({ AlarmName }, { accountId }) => [
    { action: "cloudwatch:SetAlarmState", resource: alarmArn(region, accountId, AlarmName) },
  ],
  run({ input, caller, now }) {
    onlyMembers(input, ["AlarmName", "StateValue", "StateReason"]);
    const { AlarmName, StateValue, StateReason: reason } = input;
    const state = STATES.find((each) => each === StateValue);
    if (!state) throw invalid(`StateValue is one of ${STATES.join(", ")}.`);
    if (typeof reason !== "string" || reason.length > 1_023)
      throw invalid("StateReason has 0 to 1023 characters.");
    const alarm = alarmsOf(caller.accountId).find(({ name }) => name === AlarmName);
    if (!alarm) throw absent();
    states.set(alarm, state, now.getTime());
    return {};
  },
});

const SETTINGS = [
  ...["MetricName", "Namespace", "Dimensions", "Statistic", "Period", "EvaluationPeriods"],
  ...["Threshold", "ComparisonOperator", "TreatMissingData"],
];

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html */
export const putMetricAlarm = ({ states, region, alarmsOf }: AlarmWorld): Operation => ({
  permissions: ({ AlarmName }, { accountId }) => [
    { action: "cloudwatch:PutMetricAlarm", resource: alarmArn(region, accountId, AlarmName) },
  ],
  run({ input, caller: { accountId }, now }) {
    onlyMembers(input, ["AlarmName", "AlarmDescription", "ActionsEnabled", ...SETTINGS]);
    const { AlarmName: name, AlarmDescription, ActionsEnabled = true } = input;
    if (typeof name !== "string" || name.length < 1 || name.length > 255)
      throw invalid("AlarmName has 1 to 255 characters.");
    for (const needed of ["MetricName", "Namespace", "Period", "EvaluationPeriods", "Threshold"])
      if (input[needed] === undefined) throw invalid(`The sandbox needs ${needed}.`);
    const period = Number(input["Period"]);
    if (![10, 20, 30].includes(period) && period % 60 !== 0)
      throw invalid("Period is 10, 20, 30, or a multiple of 60.");
    const arn = alarmArn(region, accountId, name);
    if (alarmsOf(accountId).some((one) => one.arn === arn && !states.made.has(arn)))
      throw invalid(`The sandbox does not emulate a change of ${name}, which a stack made.`);
    states.made.set(arn, {
      name,
      arn,
      description: String(AlarmDescription ?? ""),
      madeAt: now.getTime(),
      actionsEnabled: ActionsEnabled !== false,
      alarmActions: [],
      okActions: [],
      settings: Object.fromEntries(
        Object.entries(input).filter(([member]) => SETTINGS.includes(member)),
      ),
    });
    return {};
  },
});

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DeleteAlarms.html */
export const deleteAlarms = ({ states, region }: AlarmWorld): Operation => ({
  permissions: ({ AlarmNames = [] }, { accountId }) =>
    (AlarmNames as readonly unknown[]).map((name) => ({
      action: "cloudwatch:DeleteAlarms",
      resource: alarmArn(region, accountId, name),
    })),
  run({ input, caller: { accountId } }) {
    onlyMembers(input, ["AlarmNames"]);
    const { AlarmNames: names = [] } = input;
    const arns = (names as readonly unknown[]).map((name) => alarmArn(region, accountId, name));
    // Those of stacks go with their stack.
    if (arns.some((arn) => !states.made.has(arn))) throw absent();
    for (const arn of arns) states.made.delete(arn);
    return {};
  },
});

const MOST = 100;

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarmHistory.html */
export const describeAlarmHistory = ({ states }: AlarmWorld): Operation => ({
  permissions: () => [{ action: "cloudwatch:DescribeAlarmHistory", resource: "*" }],
  run({ input, caller: { accountId } }) {
    onlyMembers(input, ["AlarmName", "HistoryItemType", "StartDate", "MaxRecords", "NextToken"]);
    const { AlarmName: name, HistoryItemType: kind, StartDate: start = 0 } = input;
    const size = Number(input["MaxRecords"] ?? MOST);
    if (!(size >= 1 && size <= MOST)) throw invalid(`MaxRecords must be from 1 to ${MOST}.`);
    const from = Number(input["NextToken"] ?? 0);
    const found = states.history
      .filter(
        (item) =>
          item.account === accountId &&
          (name === undefined || item.name === name) &&
          (kind === undefined || item.kind === kind) &&
          item.at / 1_000 >= Number(start),
      )
      .toReversed();
    const next = from + size;
    return {
      AlarmHistoryItems: found.slice(from, next).map((item) => ({
        AlarmName: item.name,
        AlarmType: "MetricAlarm",
        HistoryItemType: item.kind,
        HistorySummary: item.summary,
        Timestamp: item.at / 1_000,
      })),
      ...(next < found.length ? { NextToken: String(next) } : {}),
    };
  },
});
