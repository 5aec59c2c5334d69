import { invalidValue, missingParameter, sqsError } from "./errors.ts";

/** A call's members, or those of one batch entry. */
export type Input = Readonly<Record<string, unknown>>;

/** A string member; undefined if absent. @throws SerializationException if it is no string. */
export function optionalText(input: Input, member: string): string | undefined {
  const value = input[member];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "string") throw wrongType(member, "a string");
  return value;
}

/** A string member that must be there and not empty. @throws MissingParameter */
export function text(input: Input, member: string): string {
  const value = optionalText(input, member);
  if (value === undefined || value === "") throw missingParameter(member);
  return value;
}

/** An integer member within bounds; undefined if absent. @throws InvalidParameterValue */
export function optionalInteger(
  input: Input,
  member: string,
  bounds: { readonly min: number; readonly max: number; readonly reason: string },
): number | undefined {
  const value = input[member];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "number" || !Number.isInteger(value)) throw wrongType(member, "an integer");
  if (value < bounds.min || value > bounds.max) throw invalidValue(value, member, bounds.reason);
  return value;
}

/** A list of strings; empty if absent. */
export function texts(input: Input, member: string): readonly string[] {
  const value = input[member];
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value) || !value.every((item) => typeof item === "string"))
    throw wrongType(member, "a list of strings");
  return value;
}

/** A list of structures; empty if absent. */
export function structures(input: Input, member: string): readonly Input[] {
  const value = input[member];
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value) || !value.every(isStructure))
    throw wrongType(member, "a list of structures");
  return value;
}

/** A map of structures; empty if absent. */
export function structureMap(input: Input, member: string): Readonly<Record<string, Input>> {
  const value = input[member];
  if (value === undefined || value === null) return {};
  if (!isStructure(value) || !Object.values(value).every(isStructure))
    throw wrongType(member, "a map of structures");
  return value as Readonly<Record<string, Input>>;
}

function isStructure(value: unknown): value is Input {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function wrongType(member: string, expected: string) {
  return sqsError("SerializationException", `${member} must be ${expected}.`);
}
