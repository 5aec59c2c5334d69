/** The repository's own access.yaml with a change, for sandboxes that need other people or rules. */
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parse, stringify } from "yaml";
import { newFolder } from "./abuse-sandbox.ts";
import { join, lendOverseas } from "./overseas-access.ts";

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
 * may borrow on two clusters in another account, one of them in another region, for a role of her own there.
 */
export const threeEngineers = (): string =>
  sampleAccess((file) => {
    file.identity = { ...file.identity, account: "111122223333" };
    lendOverseas(file);
    lendOverseas(file, "ireland");
    for (const name of ["dave", "mallory"]) join(file, name, "payments");
  });
