/**
 * The stack that makes each personal role. CloudFormation cannot move a role with a name from one
 * stack to another. So a person's stack is recorded beside `access.yaml` and stays.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import {
  type AssemblyRecord,
  HAS_LEFT,
  NO_ASSEMBLY,
  parseAssemblyRecord,
  recordText,
  type StackRecord,
} from "../../shared/policy-file/assembly-record.ts";

/** A stack holds 500 resources at most. */
const ROLES_A_STACK = 400;

/**
 * Those who are recorded stay where they are. A newcomer goes into the first stack with room, and
 * so does who has left and is there again. A person who leaves makes room, and their name stays on
 * record. Pure.
 *
 * @param people the names that their roles were made for
 */
export function assignStacks(recorded: StackRecord, people: readonly string[]): StackRecord {
  const counts = new Map<number, number>();
  const count = (stack: number) => counts.set(stack, (counts.get(stack) ?? 0) + 1);
  const known = (person: string) => {
    const stack = Object.hasOwn(recorded, person) ? recorded[person] : undefined;
    return stack === HAS_LEFT ? undefined : stack;
  };
  for (const person of people) {
    const stack = known(person);
    if (stack !== undefined) count(stack);
  }
  const present = new Set(people);
  const left = Object.keys(recorded).filter((person) => !present.has(person));
  const assigned = people.toSorted().map((person): [string, number] => {
    const before = known(person);
    if (before !== undefined) return [person, before];
    let stack = 1;
    while ((counts.get(stack) ?? 0) >= ROLES_A_STACK) stack += 1;
    count(stack);
    return [person, stack];
  });
  const all = [...assigned, ...left.map((person): [string, number] => [person, HAS_LEFT])];
  return Object.fromEntries(all.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** @throws Error where the file holds something else */
export function readAssemblyRecord(file: string): AssemblyRecord {
  if (!existsSync(file)) return NO_ASSEMBLY;
  const record = parseAssemblyRecord(readFileSync(file, "utf8"));
  if (!record)
    throw new Error(
      `${file} is no record of an assembly. Nothing was synthesized. Restore it from version control: without it, roles of people who have one would be made a second time, and clusters could leave on which something is lent.`,
    );
  return record;
}

/** @returns whether the file changed */
export function writeAssemblyRecord(
  file: string,
  before: AssemblyRecord,
  record: AssemblyRecord,
): boolean {
  if (recordText(before) === recordText(record)) return false;
  writeFileSync(file, recordText(record));
  return true;
}
