/** Members of a CloudTrail record, each within its bounds. */

/** Why an event is refused. */
export type TrailRefusal =
  | "malformed"
  | "unknown-version"
  | "too-large"
  | "foreign-account"
  | "foreign-source"
  | "wrong-detail-type"
  | "read-only"
  | "other-operation";

/** Ends the reading of one event. It never leaves `parse-trail-event.ts`. */
export class Refused extends Error {
  override readonly name = "Refused";
  readonly code: TrailRefusal;

  constructor(code: TrailRefusal, message: string) {
    super(message);
    this.code = code;
  }
}

/** A member of an object; undefined unless the object has it. */
export const memberOf = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null && Object.hasOwn(value, name)
    ? Reflect.get(value, name)
    : undefined;

/**
 * An id, a name or an ARN. It is never cut, because a text that is longer or written otherwise is
 * another one.
 */
export function exact(value: unknown, longest: number, name: string): string {
  if (typeof value === "string" && value.length <= longest && /^[\x21-\x7e]+$/.test(value))
    return value;
  throw new Refused("malformed", `${name} is not a text of 1 to ${longest} visible characters.`);
}

/** As {@link exact}; null where CloudTrail has nothing to say. */
export const exactOrNull = (value: unknown, longest: number, name: string): string | null =>
  value === undefined || value === null ? null : exact(value, longest, name);

/** A text that only people read, cut to its bound; null for a missing one. */
export const labelOrNull = (value: unknown, longest: number): string | null =>
  typeof value === "string" ? value.slice(0, longest).toWellFormed() : null;

/**
 * An ARN. EKS takes some from the path of the call, and CloudTrail then shows them percent-encoded.
 * An ARN in plain form has no `%3A`.
 */
export function arnOf(value: unknown, name: string): string {
  const text = exact(value, 3 * LONGEST_ARN, name);
  const arn = exact(/%3A/i.test(text) ? decodeURIComponent(text) : text, LONGEST_ARN, name);
  if (!arn.startsWith("arn:")) throw new Refused("malformed", `${name} is not an ARN.`);
  return arn;
}

const LONGEST_ARN = 2_048;
