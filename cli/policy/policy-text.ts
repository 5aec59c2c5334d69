import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { Failure } from "../failures/failure.ts";
import { fileErrorWords } from "../failures/file-error.ts";

/** Standard input, where a file is expected. */
const STANDARD_INPUT = "-";

const NAME_IT = "Next: name a policy file, or - for standard input.";

/**
 * The text of a policy file, or of standard input for `-`.
 *
 * @param next follows where it cannot be read
 * @throws Failure `usage`
 */
export async function policyText(file: string, next = NAME_IT): Promise<string> {
  try {
    return file === STANDARD_INPUT ? await text(process.stdin) : await readFile(file, "utf8");
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new Failure(
      "usage",
      "policy-unreadable",
      {
        what: `Cannot read ${file}: ${fileErrorWords(error)}.`,
        notDone: "Nothing was done.",
        next: [next],
      },
      { cause: error },
    );
  }
}
