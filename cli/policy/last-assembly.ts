import { readFile } from "node:fs/promises";
import {
  type AssemblyRecord,
  assemblyRecordFile,
  NO_ASSEMBLY,
  parseAssemblyRecord,
} from "../../shared/policy-file/assembly-record.ts";
import { Failure } from "../failures/failure.ts";
import { fileErrorWords } from "../failures/file-error.ts";

/**
 * The record that synthesis wrote beside the policy. It is empty before the first synthesis.
 *
 * @param accessFile `access.yaml`
 * @throws Failure `faulty` for a record that cannot be read
 */
export async function lastAssembly(accessFile: string): Promise<AssemblyRecord> {
  const file = assemblyRecordFile(accessFile);
  try {
    const record = parseAssemblyRecord(await readFile(file, "utf8"));
    if (!record) throw unreadable(file, "it is no record of an assembly");
    return record;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return NO_ASSEMBLY;
    throw error instanceof Failure ? error : unreadable(file, fileErrorWords(error));
  }
}

const unreadable = (file: string, why: string) =>
  new Failure("faulty", "record-unreadable", {
    what: `Cannot read ${file}: ${why}. It has the names that no newcomer may get, and the clusters of the last assembly.`,
    notDone: "Nothing was written.",
    next: ["Next: restore the file from version control."],
  });
