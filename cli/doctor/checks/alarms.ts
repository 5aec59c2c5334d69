import { advice, type Check, type CheckResult, ill, type Patient, well } from "../check-result.ts";
import { remotePlaces, spokeStackName, stackName, stackSetPrefix } from "../expected-names.ts";
import { makeIt } from "../remedies.ts";
import type { AlarmSight } from "../sights.ts";

/** Every alarm has an action, and none is firing: the broker's, and the one of each other place with clusters. */
export const alarms: Check = {
  name: "alarms",
  needs: ["cloudwatch:DescribeAlarms", "cloudformation:DescribeStacks"],
  async look(patient) {
    const { broker, deployment, region } = patient;
    const prefix = `${stackName(deployment)}-Alarms`;
    const found = await broker.alarms(prefix, region);
    const own =
      found.length === 0
        ? [ill(`there is none that begins with ${prefix}`, makeIt())]
        : [actions(found), ...firing(found, prefix, undefined, await isYoung(patient))];
    return [...own, ...(await elsewhere(patient))];
  },
};

function actions(found: readonly AlarmSight[], subject?: string): CheckResult {
  const silent = found.filter((alarm) => alarm.actions === 0);
  if (silent.length === 0) return well(`all ${found.length} have an action`, subject);
  const place = subject === undefined ? "" : ` of ${subject}`;
  // Where none has one, nobody has chosen a topic yet. Where some have, somebody took them away.
  return (silent.length === found.length ? advice : ill)(
    `${silent.length} of ${found.length} have no action, so they reach nobody`,
    `write an SNS topic's ARN${place} under alarmTopics in timelatch.config.yaml, and deploy`,
    subject,
  );
}

/** Alarms on a function that does not run. They fire until it has run for the first time. */
const SILENT = ["SweepSilent", "ArchiveSilent"];

/** The archive runs once an hour, and its alarm looks at two. */
const YOUNG_MS = 2 * 60 * 60 * 1_000;

/** Whether the broker's stack is too young for its functions to have run. */
async function isYoung({ broker, deployment, region, now }: Patient): Promise<boolean> {
  const stack = await broker.stack(stackName(deployment), region);
  return stack !== undefined && Date.parse(now()) - Date.parse(stack.createdAt) < YOUNG_MS;
}

function firing(
  found: readonly AlarmSight[],
  prefix: string,
  subject?: string,
  young = false,
): readonly CheckResult[] {
  const names = found
    .filter(({ state }) => state === "ALARM")
    .map(({ name }) => (isOfFuses({ name }) ? "LostFuses" : shortName(name.slice(prefix.length))));
  const expected = names.filter((name) => young && SILENT.includes(name));
  const others = names.filter((name) => !expected.includes(name));
  return [
    ...expected.map((name) =>
      advice(
        `firing: ${name}, until its function has run for the first time`,
        "look again two hours after the deployment",
        subject,
      ),
    ),
    others.length === 0
      ? well(`${expected.length === 0 ? "none" : "no other one"} is firing`, subject)
      : ill(
          `firing: ${others.join(", ")}`,
          "timelatch docs runbook has a section for each",
          subject,
        ),
  ];
}

/** Without what CloudFormation adds. */
const shortName = (name: string): string => name.replace(/[0-9A-F]{8}-.*$/, "");

const isOfFuses = ({ name }: Pick<AlarmSight, "name">): boolean => name.includes("-LostFuses");

/** The alarm on fuses that could not fire, in each account and region without the broker. */
async function elsewhere(patient: Patient): Promise<readonly CheckResult[]> {
  const { policy, deployment, account: hub, region: home, broker, others } = patient;
  const results: CheckResult[] = [];
  for (const place of remotePlaces(policy, { account: hub, region: home })) {
    const sight = place.account === hub ? broker : others.get(place.account);
    if (!sight) continue;
    const prefix = spokeStackName(deployment, place, hub);
    const subject = `${place.account}/${place.region}`;
    const own = (await sight.alarms(prefix, place.region)).filter(isOfFuses);
    const found =
      own.length > 0
        ? own
        : (await sight.alarms(stackSetPrefix(prefix), place.region)).filter(isOfFuses);
    if (found.length === 0)
      results.push(ill(`there is none on fuses that begins with ${prefix}`, makeIt(), subject));
    else results.push(actions(found, subject), ...firing(found, prefix, subject));
  }
  return results;
}
