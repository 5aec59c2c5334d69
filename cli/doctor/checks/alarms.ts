import { stackName } from "../expected-names.ts";
import { type Check, type Finding, ill, well } from "../finding.ts";
import type { AlarmSight } from "../sights.ts";

/** Every alarm has an action, and none is firing. */
export const alarms: Check = {
  name: "alarms",
  needs: ["cloudwatch:DescribeAlarms"],
  async look({ broker, deployment }) {
    const prefix = `${stackName(deployment)}-Alarms`;
    const found = await broker.alarms(prefix);
    if (found.length === 0)
      return [ill(`there is none that begins with ${prefix}`, "timelatch deploy")];
    return [actions(found), firing(found, prefix)];
  },
};

function actions(found: readonly AlarmSight[]): Finding {
  const silent = found.filter((alarm) => alarm.actions === 0);
  return silent.length === 0
    ? well(`all ${found.length} have an action`)
    : ill(
        `${silent.length} of ${found.length} have no action, so they reach nobody`,
        "write an SNS topic's ARN under alarmTopics in timelatch.config.yaml, and deploy",
      );
}

function firing(found: readonly AlarmSight[], prefix: string): Finding {
  const names = found
    .filter(({ state }) => state === "ALARM")
    .map(({ name }) => name.slice(prefix.length).replace(/[0-9A-F]{8}-.*$/, ""));
  return names.length === 0
    ? well("none is firing")
    : ill(`firing: ${names.join(", ")}`, "docs/runbook.md has a section for each");
}
