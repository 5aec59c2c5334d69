/** The repository's own access.yaml with a change, for sandboxes that need other people or rules. */
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parse, stringify } from "yaml";
import { newFolder } from "./abuse-sandbox.ts";

const SAMPLE = path.resolve(import.meta.dirname, "../../access.yaml");

// biome-ignore lint/suspicious/noExplicitAny: a document that tests change at will
type AccessDocument = any;

/** @returns the path of the changed file, in a folder of its own */
export function sampleAccess(change: (file: AccessDocument) => void): string {
  const file = parse(readFileSync(SAMPLE, "utf8"));
  change(file);
  const made = path.join(newFolder(), "access.yaml");
  writeFileSync(made, stringify(file, { aliasDuplicateObjects: false }));
  return made;
}

/**
 * Alice, dave and mallory may each borrow in payments-*, so that their grants can go side by side. Heidi
 * may borrow on a cluster in another account, for a role of her own there.
 */
export const threeEngineers = (): string =>
  sampleAccess((file) => {
    const { people, clusters, rules } = file;
    file.identity = { ...file.identity, account: "111122223333" };
    clusters.overseas = { arn: "arn:aws:eks:us-west-2:444455556666:cluster/overseas" };
    people.heidi.groups.push("overseas");
    people.heidi.principal = "personal";
    rules.push({
      name: "view-overseas",
      who: { groups: ["overseas"] },
      clusters: ["overseas"],
      access: { policies: ["AmazonEKSViewPolicy"], scope: "cluster" },
      duration: { max: "1h" },
      approval: [{ groups: ["payments-leads"], count: 1 }],
      reason: { minLength: 5 },
    });
    for (const name of ["dave", "mallory"])
      people[name].groups = [...(people[name].groups ?? []), "payments"];
  });
