import { readFile } from "node:fs/promises";
import { parseStackRecord, stackRecordFile } from "../../shared/policy-file/stack-record.ts";
import { Failure } from "../failures/failure.ts";
import { fileErrorWords } from "../failures/file-error.ts";

/**
 * The names of everyone who has, or had, a personal role: synthesis records them beside the policy. None
 * before the first synthesis.
 *
 * @param accessFile `access.yaml`
 * @throws Failure `faulty` for a record that cannot be read
 */
export async function recordedNames(accessFile: string): Promise<readonly string[]> {
  const file = stackRecordFile(accessFile);
  try {
    const record = parseStackRecord(await readFile(file, "utf8"));
    if (!record) throw unreadable(file, "it is no record of people's stacks");
    return Object.keys(record);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error instanceof Failure ? error : unreadable(file, fileErrorWords(error));
  }
}

const unreadable = (file: string, why: string) =>
  new Failure("faulty", "record-unreadable", {
    happened: `Cannot read ${file}: ${why}. It has the names that no newcomer may get.`,
    undone: "Nothing was written.",
    next: ["Next: restore the file from version control."],
  });
