import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseDocument } from "yaml";

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
}

/**
 * Writes the sample policy with a rule for whoever is on call, which the sample lacks: it asks no service.
 *
 * @returns the file
 */
export function writeDemoPolicy(folder: string, { withoutUserIds }: DemoPolicy): string {
  const document = parseDocument(readFileSync(SAMPLE, "utf8"));
  document.set("schedules", { primary: { pagerduty: { schedule: SCHEDULE.id } } });
  for (const person of ["carol", "dave"] as const)
    document.setIn(["people", person, "outside"], { pagerduty: SCHEDULE[person] });
  document.addIn(["rules"], ON_CALL_RULE);
  if (withoutUserIds) document.setIn(["identity", "identityCenter", "pin"], "userName");
  const file = path.join(folder, "access.yaml");
  writeFileSync(file, document.toString());
  return file;
}
