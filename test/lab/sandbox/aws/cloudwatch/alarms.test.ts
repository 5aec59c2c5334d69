/** Alarms that somebody sets, makes and deletes, as the AWS SDK sees them. */
import {
  CloudWatchClient,
  DeleteAlarmsCommand,
  DescribeAlarmHistoryCommand,
  DescribeAlarmsCommand,
  PutMetricAlarmCommand,
  SetAlarmStateCommand,
} from "@aws-sdk/client-cloudwatch";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DeclaredAlarm } from "../../../../../lab/sandbox/aws/cloudwatch/declared-alarm.ts";
import { cloudWatchService } from "../../../../../lab/sandbox/aws/cloudwatch/service.ts";
import { ACCOUNT, REGION } from "../../../../../lab/sandbox/world/account.ts";
import { type BrokerAccount, brokerAccount } from "../../stack/broker-account.ts";

const TOPIC = `arn:aws:sns:${REGION}:${ACCOUNT}:on-call`;
const declared = (name: string, actions: Partial<DeclaredAlarm>): DeclaredAlarm => ({
  name,
  arn: `arn:aws:cloudwatch:${REGION}:${ACCOUNT}:alarm:${name}`,
  description: "",
  actionsEnabled: true,
  alarmActions: [TOPIC],
  okActions: [TOPIC],
  settings: {},
  ...actions,
});
const ALARMS = [
  declared("wakes", {}),
  declared("mute", { actionsEnabled: false }),
  declared("lost", { alarmActions: ["arn:aws:sns:us-west-2:999988887777:gone"] }),
];

let account: BrokerAccount;
let client: CloudWatchClient;

beforeAll(async () => {
  account = await brokerAccount([
    { ...cloudWatchService({ alarms: () => ALARMS, accounts: [ACCOUNT], minuteSeconds: 3 }) },
  ]);
  client = new CloudWatchClient({
    endpoint: account.url,
    region: REGION,
    maxAttempts: 1,
    credentials: account.personKeys("admin"),
  });
});
afterAll(() => account.close());

const StateReason = "A test";
const set = (AlarmName: string, StateValue: "ALARM" | "OK") =>
  client.send(new SetAlarmStateCommand({ AlarmName, StateValue, StateReason }));
const actionsOf = async (AlarmName: string) => {
  const asked = { AlarmName, HistoryItemType: "Action" as const };
  const { AlarmHistoryItems = [] } = await client.send(new DescribeAlarmHistoryCommand(asked));
  return AlarmHistoryItems.map(({ HistorySummary }) => HistorySummary);
};
const stateOf = async (name: string) =>
  (await client.send(new DescribeAlarmsCommand({ AlarmNames: [name] }))).MetricAlarms?.[0]
    ?.StateValue;

describe("An alarm whose state is set", () => {
  it("Carries out its actions once for each change, and has its own state again after a minute", async () => {
    await set("wakes", "ALARM");
    expect(await stateOf("wakes")).toBe("ALARM");
    await set("wakes", "ALARM");
    expect(await actionsOf("wakes")).toEqual([`Successfully executed action ${TOPIC}`]);
    await expect.poll(() => stateOf("wakes")).toBe("INSUFFICIENT_DATA");
    await set("wakes", "OK");
    expect(await actionsOf("wakes")).toHaveLength(2);
  });

  it("Carries out nothing where actions are disabled, and says what fails", async () => {
    await set("mute", "ALARM");
    await set("lost", "ALARM");
    expect(await actionsOf("mute")).toEqual([]);
    expect(await actionsOf("lost")).toEqual([
      expect.stringMatching(/^Failed to execute action arn/),
    ]);
  });

  it("Has to be there, and to have a state that there is", async () => {
    await expect(set("other", "OK")).rejects.toMatchObject({ name: "ResourceNotFound" });
    await expect(set("wakes", "BAD" as "OK")).rejects.toThrow("StateValue is one of OK");
  });
});

describe("An alarm that somebody makes", () => {
  const put = (more: object) =>
    client.send(
      new PutMetricAlarmCommand({
        AlarmName: "scratch",
        Namespace: "AWS/Lambda",
        MetricName: "Invocations",
        Statistic: "Sum",
        Period: 60,
        EvaluationPeriods: 2,
        Threshold: 1,
        ComparisonOperator: "LessThanThreshold",
        TreatMissingData: "breaching",
        ...more,
      }),
    );

  it("Fires without data after its periods where that is breaching, and can be deleted", async () => {
    await put({});
    expect(await stateOf("scratch")).toBe("INSUFFICIENT_DATA");
    await expect.poll(() => stateOf("scratch")).toBe("ALARM");
    await put({ TreatMissingData: "notBreaching" });
    await expect.poll(() => stateOf("scratch")).toBe("OK");
    await client.send(new DeleteAlarmsCommand({ AlarmNames: ["scratch"] }));
    expect(await stateOf("scratch")).toBeUndefined();
  });

  it("Takes no name of a stack's alarm, no odd period, and nothing that is not emulated", async () => {
    await expect(put({ AlarmName: "wakes" })).rejects.toThrow("which a stack made");
    await expect(put({ Period: 61 })).rejects.toThrow("Period is 10, 20, 30");
    await expect(put({ Unit: "Count" })).rejects.toThrow("does not emulate Unit");
    const gone = new DeleteAlarmsCommand({ AlarmNames: ["wakes"] });
    await expect(client.send(gone)).rejects.toMatchObject({ name: "ResourceNotFound" });
  });
});
