import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { type Document, parseDocument } from "yaml";

const SAMPLE = path.resolve(import.meta.dirname, "../../../access.yaml");

/** The schedule of the sandbox's PagerDuty, and the ids of people there. */
export const SCHEDULE = { id: "PI7DH85", carol: "PCAROL1", dave: "PDAVE01" } as const;

/** The rule that lets people of sre in without anybody while they are on call. */
export const ON_CALL_RULE = {
  name: "on-call-prod",
  who: { groups: ["sre"], onCall: "primary" },
  clusters: ["prod"],
  access: { policies: ["AmazonEKSEditPolicy"], namespaces: ["payments-*"] },
  duration: { max: "2h", default: "1h" },
  approval: "none",
  atMost: { times: 9, per: "1d" },
};

interface DemoPolicy {
  /**
   * People are pinned by their user names, for sessions without `identitystore:UserId`: AWS does not document
   * that a call of AssumeRole has it.
   */
  readonly withoutUserIds: boolean;
  /** Nobody has Slack, and messages go by e-mail. */
  readonly isEmailOnly: boolean;
}

/**
 * Writes the sample policy with a rule for whoever is on call, which the sample lacks: it asks no service.
 *
 * @returns the file
 */
export function writeDemoPolicy(folder: string, about: DemoPolicy): string {
  const document = parseDocument(readFileSync(SAMPLE, "utf8"));
  if (about.isEmailOnly) replaceSlack(document);
  document.set("schedules", { primary: { pagerduty: { schedule: SCHEDULE.id } } });
  for (const person of ["carol", "dave"] as const)
    document.setIn(["people", person, "outside"], { pagerduty: SCHEDULE[person] });
  document.addIn(["rules"], ON_CALL_RULE);
  if (about.withoutUserIds) document.setIn(["identity", "identityCenter", "pin"], "userName");
  const file = path.join(folder, "access.yaml");
  writeFileSync(file, document.toString());
  return file;
}

/** Takes out what names Slack, and adds e-mail from a domain that the sandbox's SES has verified. */
function replaceSlack(document: Document): void {
  document.delete("slack");
  document.set("notices", {
    email: { from: "access@example.com", configurationSet: "timelatch" },
  });
  const { people, rules } = document.toJS() as { people: object; rules: readonly object[] };
  for (const name of Object.keys(people))
    document.deleteIn(["people", name, "identities", "slack"]);
  for (const [at] of rules.entries())
    for (const key of ["notify", "decideIn"]) document.deleteIn(["rules", at, key]);
}
