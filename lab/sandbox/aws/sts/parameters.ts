/** Reading STS's parameters, and its refusals of them. */
import { AwsError } from "../service.ts";

type Input = Readonly<Record<string, unknown>>;

/** @throws AwsError `ValidationError` 400 */
export function required(input: Input, member: string, pattern: RegExp): string {
  const value = optional(input, member, pattern);
  if (value === undefined)
    throw validation(
      `1 validation error detected: Value null at '${wireName(member)}' failed to satisfy constraint: Member must not be null`,
    );
  return value;
}

/** @throws AwsError `ValidationError` 400 for a value of another form */
export function optional(input: Input, member: string, pattern: RegExp): string | undefined {
  const value = input[member];
  if (value === undefined) return undefined;
  if (typeof value !== "string" || !pattern.test(value))
    throw validation(
      `1 validation error detected: Value '${String(value)}' at '${wireName(member)}' failed to satisfy constraint: Member must satisfy regular expression pattern: ${pattern.source}`,
    );
  return value;
}

const wireName = (member: string) => member.charAt(0).toLowerCase() + member.slice(1);

export const validation = (message: string) => new AwsError("ValidationError", 400, message);
