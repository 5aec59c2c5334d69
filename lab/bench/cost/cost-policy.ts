import type { AccessPolicy } from "../../../shared/domain/policy/policy.ts";
import { aPolicy } from "../../fakes/builders.ts";

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
