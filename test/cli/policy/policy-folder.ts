/** A folder with policy files, and the command run on them. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type Ran, runHere } from "../run-timelatch.ts";

export const SAMPLE_FILE = path.resolve(import.meta.dirname, "../../../access.yaml");
export const SAMPLE = readFileSync(SAMPLE_FILE, "utf8");

export interface PolicyFolder {
  /** @returns the path of a file with this text */
  write(name: string, text: string): string;
  /** Runs `timelatch policy …`; paths in what it says are without the folder. */
  policy(...args: readonly string[]): Promise<Ran>;
  remove(): void;
}

export function policyFolder(): PolicyFolder {
  const folder = mkdtempSync(path.join(tmpdir(), "timelatch-policy-"));
  const without = (text: string) => text.replaceAll(`${folder}${path.sep}`, "");
  return {
    write(name, text) {
      const file = path.join(folder, name);
      writeFileSync(file, text);
      return file;
    },
    async policy(...args) {
      const { code, out, err } = await runHere(["policy", ...args]);
      return { code, out: without(out), err: without(err) };
    },
    remove: () => rmSync(folder, { recursive: true }),
  };
}

/** The sample with edits, each of which must find its text. */
export const editedSample = (...edits: readonly (readonly [string, string])[]): string =>
  edits.reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`The sample has no ${from}`);
    return text.replace(from, () => to);
  }, SAMPLE);

/** The sample as it would be without delegations and with fewer approvers: it has two warnings. */
export const WARNED_SAMPLE = editedSample(
  ["delegations: { allowed: true, longest: 21d }\n", ""],
  [
    "    duration: { max: 1h }\n    approval: [{ groups: [sre, payments-leads], count: 1 }]\n\n",
    "    duration: { max: 1h }\n    approval: [{ groups: [sre], count: 1 }]\n\n",
  ],
);
