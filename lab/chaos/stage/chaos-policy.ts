/** The access policy of a run: the sample, with more people in its rules, reminders and a cluster in a second account. */
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parse, stringify } from "yaml";
import { join, lendOverseas, type SampleFile } from "../../../test/e2e/overseas-access.ts";
import { ALICE_IN_JIRA, PEOPLE_ON_CALL, SCHEDULE } from "./outside-people.ts";

const SAMPLE = path.resolve(import.meta.dirname, "../../../access.yaml");
/** The file's name, in the sandbox's folder. */
export const POLICY_FILE = "access.yaml";
/** More than any run asks for. */
const OFTEN = 1_000;

/** The rule with reminders: its approvers are asked again after a minute, and after three. */
export const REMINDED_RULE = "payments-admin";

/** The rules in which a fact stands in an approver's place. */
export const ON_CALL_RULE = "view-on-call";
export const TICKET_RULE = "view-ticket";

/** The rules that ask other services, and what these need: `lab/chaos/plan/outside-scenes.ts`. */
function askOutside(sample: SampleFile): void {
  const lent = {
    clusters: ["prod"],
    access: { policies: ["AmazonEKSAdminViewPolicy"], namespaces: ["payments-*"] },
    ...{ duration: { max: "1h" }, approval: "none", atMost: { times: OFTEN, per: "1d" } },
  };
  sample.rules.push(
    {
      name: ON_CALL_RULE,
      who: { people: ["dave"], onCall: "primary" },
      ...lent,
      endsWithShift: true,
    },
    {
      ...{ name: TICKET_RULE, who: { people: ["alice"] }, ...lent, endsWithTicket: true },
      reason: { ticket: { in: "payments", assignee: "requester" } },
    },
  );
  Object.assign(sample, {
    schedules: { primary: { pagerduty: { schedule: SCHEDULE } } },
    tickets: { payments: { jira: { site: "example.atlassian.net", projects: ["PAY"] } } },
  });
  const { alice, ...others } = sample.people;
  Object.assign(alice ?? {}, { outside: { atlassian: ALICE_IN_JIRA } });
  for (const [name, pagerduty] of Object.entries(PEOPLE_ON_CALL))
    Object.assign(others[name] ?? {}, { outside: { pagerduty } });
}

/** Everybody who asks in a plan may: `lab/chaos/plan/terms.ts`. @returns the file, in `folder` */
export function writeChaosPolicy(folder: string): string {
  const sample = parse(readFileSync(SAMPLE, "utf8")) as SampleFile;
  lendOverseas(sample);
  for (const name of ["dave", "mallory"]) join(sample, name, "payments");
  for (const rule of sample.rules as { atMost?: unknown }[])
    if (rule.atMost) rule.atMost = { times: OFTEN, per: "1d" };
  for (const rule of sample.rules as { name: string; remind?: unknown }[])
    if (rule.name === REMINDED_RULE) rule.remind = { after: "1m", times: 2 };
  askOutside(sample);
  const made = path.join(folder, POLICY_FILE);
  writeFileSync(made, stringify(sample, { aliasDuplicateObjects: false }));
  return made;
}
