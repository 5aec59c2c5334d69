/** The stacks of the broker's own region as the sandbox loads them: the broker's, and that of its fuses. */
import { loadStack } from "../../../../lab/sandbox/template/load-stack.ts";
import type { Stack } from "../../../../lab/sandbox/template/stack.ts";
import { ACCOUNT, type Broker, REGION } from "../../../infra/broker.ts";

interface Urls {
  readonly awsUrl: string;
  readonly apiUrl: string;
}

export function brokerStacks({ template, fuses }: Pick<Broker, "template" | "fuses">, urls: Urls) {
  const load = (stackName: string, one: Broker["template"]): Stack =>
    loadStack(
      { stackName, template: one, assetDir: () => "/not-run" },
      { account: ACCOUNT, region: REGION, stackName, ...urls },
    );
  const [own, ofFuses] = [load("Timelatch", template), load("TimelatchFuses", fuses)];
  const both = <Key extends "roles" | "queues" | "scheduleGroups" | "alarms" | "members">(
    key: Key,
  ) => [...own[key], ...ofFuses[key]];
  return {
    broker: own,
    fuses: ofFuses,
    /** The resources of both, as if one stack had them. */
    both: {
      ...own,
      roles: both("roles"),
      queues: both("queues"),
      alarms: both("alarms"),
      scheduleGroups: both("scheduleGroups"),
      members: both("members"),
    } as Stack,
  };
}
