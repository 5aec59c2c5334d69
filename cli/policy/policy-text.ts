import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { Failure } from "../failures/failure.ts";

/** Standard input, where a file is expected. */
const STANDARD_INPUT = "-";

/** The text of a policy file, or of standard input for `-`. @throws Failure `usage` */
export async function policyText(file: string): Promise<string> {
  try {
    return file === STANDARD_INPUT ? await text(process.stdin) : await readFile(file, "utf8");
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new Failure(
      "usage",
      "policy-unreadable",
      {
        what: `Cannot read ${file}: ${error.message}.`,
        notDone: "Nothing was done.",
        next: ["Next: name a policy file, or - for standard input."],
      },
      { cause: error },
    );
  }
}
