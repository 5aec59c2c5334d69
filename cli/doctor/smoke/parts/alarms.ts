/** Each alarm made to fire once, and cleared: whether its actions are carried out. */
import type { CloudWatch, MetricAlarm } from "@aws-sdk/client-cloudwatch";
import { remotePlaces, spokeStackName, stackName, stackSetPrefix } from "../../expected-names.ts";
import { contradicted, type Fact, holds, unsettled } from "../fact.ts";
import type { Part } from "../part.ts";
import { listed, named, type RedactableText, redactable, seconds } from "../report/redactable.ts";
import type { Stage } from "../stage.ts";

export const alarms: Part = {
  name: "alarms",
  does: "makes each alarm of the deployment fire once, and clears it: tell whoever is on call first",
  async play(stage) {
    const facts: Fact[] = [];
    for (const place of placesOf(stage)) facts.push(...(await at(stage, place)));
    return facts;
  },
};

interface Place {
  readonly account: string;
  readonly region: string;
  /** The beginning of its alarms' names. */
  readonly prefixes: readonly string[];
  readonly isOurs: (name: string) => boolean;
}

/** The broker's, and each other place with fuses, which has an alarm on lost ones. */
function placesOf({ policy, deployed }: Stage): readonly Place[] {
  const { name, account, region } = deployed;
  const hub = { account, region };
  const prefix = `${stackName(name)}-Alarms`;
  return [
    { ...hub, prefixes: [prefix], isOurs: () => true },
    ...remotePlaces(policy, hub).map((place) => {
      const stack = spokeStackName(name, place, account);
      return {
        ...place,
        prefixes: [stack, stackSetPrefix(stack)],
        isOurs: (alarm: string) => alarm.includes("-LostFuses"),
      };
    }),
  ];
}

const REASON = "Test by timelatch doctor --smoke: nothing is wrong";
const BETWEEN_MS = 400;

async function at(stage: Stage, place: Place): Promise<readonly Fact[]> {
  const client = await stage.clients(place.account, place.region)?.cloudWatch();
  if (!client) return [noCredentials(place)];
  const found = await alarmsOf(client, place);
  const where = redactable`${named("account", place.account)}, ${named("region", place.region)}`;
  if (found.length === 0)
    return [
      contradicted(
        "alarm-action",
        redactable`there are no alarms in ${where}`,
        redactable`timelatch deploy`,
      ),
    ];
  const silent = found.filter(isSilent);
  const firing = found.filter(({ StateValue }) => StateValue === "ALARM");
  const tried = found.filter((alarm) => !silent.includes(alarm) && !firing.includes(alarm));
  return [
    ...(silent.length > 0 ? [silentFact(silent, found.length, where)] : []),
    ...(firing.length > 0 ? [firingFact(firing)] : []),
    ...(tried.length > 0 ? [await fired(stage, client, tried, where)] : []),
  ];
}

const isSilent = ({ ActionsEnabled, AlarmActions = [] }: MetricAlarm): boolean =>
  ActionsEnabled === false || AlarmActions.length === 0;

async function alarmsOf(client: CloudWatch, place: Place): Promise<readonly MetricAlarm[]> {
  const { paginateDescribeAlarms } = await import("@aws-sdk/client-cloudwatch");
  const found: MetricAlarm[] = [];
  for (const AlarmNamePrefix of place.prefixes)
    for await (const { MetricAlarms = [] } of paginateDescribeAlarms(
      { client },
      { AlarmNamePrefix },
    ))
      found.push(...MetricAlarms.filter(({ AlarmName = "" }) => place.isOurs(AlarmName)));
  return found;
}

const nameOf = ({ AlarmName = "" }: MetricAlarm): RedactableText => named("alarm", AlarmName);

const noCredentials = ({ account }: Place): Fact =>
  unsettled(
    "alarm-action",
    redactable`nobody gave credentials for ${named("account", account)}`,
    redactable`name a profile: --account <account>=<profile>`,
  );

const silentFact = (silent: readonly MetricAlarm[], of: number, where: RedactableText): Fact =>
  contradicted(
    "alarm-action",
    redactable`${silent.length} of ${of} alarms in ${where} have no action, so they reach nobody: ${listed(silent.slice(0, 3).map(nameOf))}${silent.length > 3 ? redactable`, and others` : redactable``}`,
    redactable`write an SNS topic of that account and region under alarmTopics in timelatch.config.yaml, and deploy`,
    { silent: silent.length, of },
  );

const firingFact = (firing: readonly MetricAlarm[]): Fact =>
  unsettled(
    "alarm-action",
    redactable`${listed(firing.map(nameOf))} fires already, so it was left as it is`,
    redactable`timelatch docs runbook has a section for each`,
  );

/**
 * A state that is set proves the action, and not the metric. CloudWatch evaluates again within a period, so a state that
 * is left by a crash passes by itself.
 */
async function fired(
  stage: Stage,
  client: CloudWatch,
  tried: readonly MetricAlarm[],
  where: RedactableText,
): Promise<Fact> {
  const began = stage.now();
  const missing = new Set(tried.map(({ AlarmName = "" }) => AlarmName));
  try {
    await setAll(stage, client, tried, "ALARM");
    await stage.until(
      redactable`the actions of ${tried.length} alarms`,
      stage.pace.actionSeconds,
      async () => {
        for (const name of await carriedOut(client, began)) missing.delete(name);
        return missing.size === 0 ? true : undefined;
      },
    );
  } finally {
    await setAll(stage, client, tried, "OK");
  }
  const took = (stage.now() - began) / 1_000;
  if (missing.size > 0) {
    const names = [...missing].slice(0, 3).map((name) => named("alarm", name));
    return contradicted(
      "alarm-action",
      redactable`${missing.size} of ${tried.length} alarms in ${where} fired, and CloudWatch carried out no action in ${seconds(stage.pace.actionSeconds)}: ${listed(names)}`,
      redactable`aws cloudwatch describe-alarm-history says why; compare the topic's policy, and that of its key`,
      { missing: missing.size, of: tried.length },
    );
  }
  return holds(
    "alarm-action",
    redactable`all ${tried.length} alarms in ${where} carried out their action within ${seconds(took)}, by a state that was set: this proves the action, and not the metric`,
    { alarms: tried.length, tookSeconds: took },
  );
}

/** CloudWatch takes three a second. */
async function setAll(
  stage: Stage,
  client: CloudWatch,
  all: readonly MetricAlarm[],
  StateValue: "ALARM" | "OK",
): Promise<void> {
  for (const { AlarmName } of all) {
    await client.setAlarmState({ AlarmName, StateValue, StateReason: REASON });
    await stage.pause(Math.min(BETWEEN_MS, stage.pace.pollMs));
  }
}

/** Names of the alarms whose action was carried out since. */
async function carriedOut(client: CloudWatch, since: number): Promise<readonly string[]> {
  const { paginateDescribeAlarmHistory } = await import("@aws-sdk/client-cloudwatch");
  const asked = { HistoryItemType: "Action" as const, StartDate: new Date(since - 1_000) };
  const names: string[] = [];
  for await (const page of paginateDescribeAlarmHistory({ client }, asked))
    for (const { AlarmName = "", HistorySummary = "" } of page.AlarmHistoryItems ?? [])
      if (HistorySummary.startsWith("Successfully executed")) names.push(AlarmName);
  return names;
}
