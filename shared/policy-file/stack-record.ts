/** The record beside `access.yaml` of who has, or had, a personal role, and in which stack it is. */

/** A stack's number, from 1, by the name that a role was made for; `HAS_LEFT` where the role is gone. */
export type StackRecord = Readonly<Record<string, number>>;

/** The name stays on record, so that nobody else is called so: what is stored names people. */
export const HAS_LEFT = 0;

/** Where the record of a policy is: `access.yaml` has `access.stacks.json`. */
export const stackRecordFile = (accessFile: string): string =>
  accessFile.replace(/(\.ya?ml|\.json)?$/, ".stacks.json");

/** @returns undefined for a text that is no record */
export function parseStackRecord(text: string): StackRecord | undefined {
  const read = parsed(text);
  const isRecord =
    typeof read === "object" &&
    read !== null &&
    !Array.isArray(read) &&
    Object.values(read).every((stack) => Number.isInteger(stack) && stack >= HAS_LEFT);
  return isRecord ? (read as StackRecord) : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
