/**
 * Which stack makes whose personal role. CloudFormation cannot move a role that has a name from one
 * stack to another, so a person's stack is recorded beside `access.yaml` and stays.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";

/** A stack holds 500 resources at most. */
const ROLES_A_STACK = 400;

/** A stack's number, from 1, by person. */
export type StackRecord = Readonly<Record<string, number>>;

/** Where the record of a policy is: `access.yaml` has `access.stacks.json`. */
export const stackRecordFile = (accessFile: string): string =>
  accessFile.replace(/(\.ya?ml|\.json)?$/, ".stacks.json");

/**
 * Those who are recorded stay where they are. A newcomer goes into the first stack with room. Who has
 * left is forgotten. Pure.
 */
export function assignStacks(recorded: StackRecord, people: readonly string[]): StackRecord {
  const counts = new Map<number, number>();
  const count = (stack: number) => counts.set(stack, (counts.get(stack) ?? 0) + 1);
  const known = (person: string) =>
    Object.hasOwn(recorded, person) ? recorded[person] : undefined;
  for (const person of people) {
    const stack = known(person);
    if (stack !== undefined) count(stack);
  }
  const assigned = people.toSorted().map((person): [string, number] => {
    const before = known(person);
    if (before !== undefined) return [person, before];
    let stack = 1;
    while ((counts.get(stack) ?? 0) >= ROLES_A_STACK) stack += 1;
    count(stack);
    return [person, stack];
  });
  return Object.fromEntries(assigned);
}

/** @throws Error where the file holds something else */
export function readStackRecord(file: string): StackRecord {
  if (!existsSync(file)) return {};
  const read: unknown = parsed(readFileSync(file, "utf8"));
  const isRecord =
    typeof read === "object" &&
    read !== null &&
    !Array.isArray(read) &&
    Object.values(read).every((stack) => Number.isInteger(stack) && stack >= 1);
  if (!isRecord)
    throw new Error(
      `${file} is no record of people's stacks. Nothing was synthesized. Restore it from version control: without it, roles of people who have one would be made a second time.`,
    );
  return read as StackRecord;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** @returns whether the file changed */
export function writeStackRecord(file: string, before: StackRecord, record: StackRecord): boolean {
  const text = (one: StackRecord) => `${JSON.stringify(one, null, 2)}\n`;
  if (text(before) === text(record)) return false;
  writeFileSync(file, text(record));
  return true;
}
