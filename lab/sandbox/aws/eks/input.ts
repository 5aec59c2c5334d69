import type { AwsError } from "../service.ts";
import { invalidParameter, wrongType } from "./errors.ts";

/**
 * Readers for the members of a call. An absent member and a JSON `null` are the same, as in every
 * AWS JSON protocol. A JSON type other than the model's is a SerializationException.
 */
export type Input = Readonly<Record<string, unknown>>;

type Guard<Value> = (value: unknown) => value is Value;

const isText: Guard<string> = (value) => typeof value === "string";
const isFlag: Guard<boolean> = (value) => typeof value === "boolean";
const isNumber: Guard<number> = (value) => typeof value === "number";
const isRecord: Guard<Input> = (value): value is Input =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isTexts: Guard<readonly string[]> = (value): value is readonly string[] =>
  Array.isArray(value) && value.every(isText);
const isTextMap: Guard<Readonly<Record<string, string>>> = (
  value,
): value is Readonly<Record<string, string>> =>
  isRecord(value) && Object.values(value).every(isText);

function reader<Value>(
  guard: Guard<Value>,
  expected: string,
): (input: Input, member: string) => Value | undefined {
  return (input, member) => {
    const value = Object.hasOwn(input, member) ? input[member] : undefined;
    if (value === undefined || value === null) return undefined;
    if (!guard(value)) throw wrongType(member, expected);
    return value;
  };
}

export const text = reader(isText, "a string");
export const texts = reader(isTexts, "a list of strings");
export const textMap = reader(isTextMap, "a map of strings");
export const flag = reader(isFlag, "a boolean");
export const number = reader(isNumber, "a number");
export const structure = reader(isRecord, "a structure");

/** AWS's text for a missing member is not published for EKS. */
export function required<Value>(
  value: Value | undefined,
  member: string,
  error: (message: string) => AwsError = invalidParameter,
): Value {
  if (value === undefined) throw error(`${member} is required`);
  return value;
}

/** The members that were sent and are not among `known`. */
export function otherMembers(input: Input, known: readonly string[]): readonly string[] {
  return Object.keys(input).filter(
    (member) => !known.includes(member) && input[member] !== undefined && input[member] !== null,
  );
}
