import type { AccessPolicy, Rule } from "../../../shared/domain/policy/policy.ts";
import { aPolicy } from "../../fakes/builders.ts";

/** A schedule of each service that says who is on call. */
const SCHEDULES: NonNullable<AccessPolicy["schedules"]> = {
  primary: { service: "pagerduty", schedule: "PI7DH85", region: "us" },
  platform: { service: "incidentIo", schedule: "01G0J1EXE7AXZ2C93K61WBPYEH" },
  night: { service: "jiraOperations", cloudId: "11", schedule: "22" },
};
const TICKETS: NonNullable<AccessPolicy["tickets"]> = {
  payments: { service: "jira", site: "example.atlassian.net", projects: ["PAY"] },
};

/** The services that access.yaml asks, by the name of a figure. */
const ASKING = {
  onCall: { schedules: SCHEDULES },
  tickets: { tickets: TICKETS },
  both: { schedules: SCHEDULES, tickets: TICKETS },
} as const satisfies Readonly<Record<string, Partial<AccessPolicy>>>;
export type Asking = keyof typeof ASKING;

/** The policy of tests, which asks other services as named. The sweep reads tickets only where a rule wants one. */
export function askingPolicy(asking: Asking): AccessPolicy {
  const policy = { ...costPolicy(), ...ASKING[asking] };
  if (!("tickets" in ASKING[asking])) return policy;
  const ticket = { in: "payments", status: ["open"] } satisfies Rule["ticket"];
  return { ...policy, rules: policy.rules.map((rule) => ({ ...rule, ticket })) };
}

/** The policy of tests, with a Slack workspace: two clusters in the broker's own account. */
export function costPolicy(): AccessPolicy {
  const policy = aPolicy();
  const people = Object.entries(policy.people).map(([name, person], at) => [
    name,
    { ...person, identities: { ...person.identities, slack: [`T0001/U000${at + 1}`] } },
  ]);
  const slack = { teams: ["T0001"], channel: "C0001", alarms: "C0002" };
  return { ...policy, people: Object.fromEntries(people), slack };
}
