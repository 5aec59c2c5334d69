/**
 * People that stand in a file of their own: `people: { include: people.yaml }`. The two files are read as
 * one, in which each person still knows their file and line.
 */
import { FileFaults, type Place } from "../yaml/file-fault.ts";
import {
  type Fault,
  type LocatedYaml,
  located,
  readAs,
  readLocatedYaml,
} from "../yaml/located-yaml.ts";
import { IncludeName, PeopleFileFrame } from "./people-file.ts";

/** The text of an included file, and what the file is called in faults. */
interface IncludedText {
  readonly file: string;
  readonly text: string;
}

/** Reads the file that a policy includes by this name. @throws NotIncluded */
export type ReadIncluded = (name: string) => IncludedText;

/** Why a file is not included, as a sentence for whoever wrote its name. */
export class NotIncluded extends Error {
  override readonly name = "NotIncluded";
}

/** For a policy of which only the text is known. */
export const nothingIncluded: ReadIncluded = (name) => {
  throw new NotIncluded(
    `Only the text of the policy is known, and not where ${name} is. Name the policy by its file.`,
  );
};

type Entries = Readonly<Record<string, unknown>>;
type PlaceOf = LocatedYaml["placeOf"];

/** @throws FileFaults for a file that cannot be included, or with people who are in both files */
export function withIncludedPeople(yaml: LocatedYaml, read: ReadIncluded): LocatedYaml {
  const policy = entriesOf(yaml.json);
  const own = entriesOf(policy?.["people"]);
  if (!policy || !own || !Object.hasOwn(own, "include")) return yaml;
  const { include, ...others } = own;
  const { people, placeOf } = readPeople(yaml, include, read);
  const twice = Object.keys(others).filter((name) => Object.hasOwn(people, name));
  refuse(
    yaml.placeOf,
    twice.map((name) => {
      const { file, line } = placeOf({ path: ["people", name], key: true });
      const detail = `${name} is also in ${file}:${line}. Write everyone in one place only.`;
      return { path: ["people", name], key: true, detail };
    }),
  );
  return {
    json: { ...policy, people: { ...others, ...people } },
    placeOf: (fault) =>
      fault.path[0] === "people" && Object.hasOwn(people, String(fault.path[1]))
        ? placeOf(fault)
        : yaml.placeOf(fault),
  };
}

function readPeople(yaml: LocatedYaml, include: unknown, read: ReadIncluded) {
  const { file, text } = readOrRefuse(yaml, include, read);
  const inner = inFile(file, () => readLocatedYaml(text));
  const placeOf: PlaceOf = (fault): Place => ({ ...inner.placeOf(fault), file });
  const { people } = readAs({ json: inner.json, placeOf }, PeopleFileFrame);
  refuse(
    placeOf,
    Object.keys(people)
      .filter((name) => name === "include")
      .map((name) => ({
        path: ["people", name],
        key: true,
        detail: "An included file includes no other, and nobody can be called include.",
      })),
  );
  return { people, placeOf };
}

function readOrRefuse(yaml: LocatedYaml, include: unknown, read: ReadIncluded): IncludedText {
  const refused = (detail: string) =>
    new FileFaults([located(yaml, { path: ["people", "include"], detail })]);
  const name = IncludeName.safeParse(include);
  if (!name.success) throw refused(name.error.issues[0]?.message ?? "");
  try {
    return read(name.data);
  } catch (error) {
    if (!(error instanceof NotIncluded)) throw error;
    throw refused(error.message);
  }
}

function inFile<Read>(file: string, read: () => Read): Read {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof FileFaults)) throw error;
    throw new FileFaults(error.faults.map((fault) => ({ ...fault, file })));
  }
}

function refuse(placeOf: PlaceOf, faults: readonly Fault[]): void {
  if (faults.length > 0) throw new FileFaults(faults.map((fault) => located({ placeOf }, fault)));
}

const entriesOf = (value: unknown): Entries | undefined =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Entries)
    : undefined;
