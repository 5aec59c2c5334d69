/** The file of people that is there, and how a new one takes its place. */
import { lstat, readFile, rename, rm, writeFile } from "node:fs/promises";
import { PeopleFile } from "../../shared/policy-file/people/people-file.ts";
import { FileFaults } from "../../shared/policy-file/yaml/file-fault.ts";
import { readAs, readLocatedYaml } from "../../shared/policy-file/yaml/located-yaml.ts";
import type { FilePeople } from "../../shared/policy-tools/people-sync/sync-people.ts";
import { Failure } from "../failures/failure.ts";
import { fileErrorWords } from "../failures/file-error.ts";
import { locatedFaults } from "../policy/read-policy.ts";

/** A file of people as it is now: without text if it does not exist. */
interface PresentPeople {
  readonly text: string | undefined;
  readonly people: FilePeople;
}

/** @throws Failure `usage` for a file that cannot be read; `faulty` for one that is no list of people */
export async function readPeopleFile(file: string): Promise<PresentPeople> {
  const text = await textOf(file);
  if (text === undefined) return { text, people: {} };
  try {
    return { text, people: readAs(readLocatedYaml(text), PeopleFile).people };
  } catch (error) {
    if (!(error instanceof FileFaults)) throw error;
    throw locatedFaults(file, error.faults);
  }
}

async function textOf(file: string): Promise<string | undefined> {
  try {
    // A policy includes no link, and a new file would take the link's place.
    if (!(await lstat(file)).isFile()) throw new Error("it is no file of its own");
    return await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new Failure(
      "usage",
      "people-unreadable",
      {
        what: `Cannot read ${file}: ${fileErrorWords(error)}.`,
        notDone: "Nothing was written.",
        next: ["Next: name the file of people that access.yaml includes: --out people.yaml."],
      },
      { cause: error },
    );
  }
}

/** The file appears whole or stays as it was. @throws Failure `unwritten` */
export async function writePeopleFile(file: string, text: string): Promise<void> {
  const draft = `${file}.${process.pid}`;
  try {
    await writeFile(draft, text, { flag: "wx" });
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true }).catch(() => undefined);
    throw new Failure(
      "unwritten",
      "people-unwritten",
      {
        what: `Cannot write ${file}: ${fileErrorWords(error)}.`,
        notDone: "Nothing was written; the file is as it was.",
        next: ["Next: name a file in a folder that you may write to: --out people.yaml."],
      },
      { cause: error },
    );
  }
}
