import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseDocument } from "yaml";

const SAMPLE = path.resolve(import.meta.dirname, "../../../access.yaml");

/**
 * Writes the sample policy with people pinned by their user names, for sessions without
 * `identitystore:UserId`: AWS does not document that a call of AssumeRole has it.
 *
 * @returns the file
 */
export function writeFallbackPolicy(folder: string): string {
  const document = parseDocument(readFileSync(SAMPLE, "utf8"));
  document.setIn(["identity", "identityCenter", "pin"], "userName");
  const file = path.join(folder, "access.yaml");
  writeFileSync(file, document.toString());
  return file;
}
