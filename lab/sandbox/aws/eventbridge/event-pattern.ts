/**
 * Event patterns: which events a rule matches.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html
 */

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
type JsonObject = { readonly [key: string]: Json };

/** A pattern: members by name, each a nested pattern or a list of alternatives. */
export type EventPattern = JsonObject;

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isValue = (value: Json | undefined): value is null | boolean | number | string =>
  value === null || ["boolean", "number", "string"].includes(typeof value);

/** The ways to match that are emulated, beside a value that must be equal; each says what it takes. */
const MATCHERS: Readonly<Record<string, (operand: Json) => boolean>> = {
  prefix: (operand) => typeof operand === "string",
  exists: (operand) => typeof operand === "boolean",
  "anything-but": (operand) =>
    isValue(operand) || (Array.isArray(operand) && operand.length > 0 && operand.every(isValue)),
};

/**
 * The part of a pattern that is wrong or not emulated; undefined for a pattern that can be matched.
 * @param path the pattern's place, for the text
 */
export function patternFault(pattern: Json | undefined, path = "EventPattern"): string | undefined {
  if (!isObject(pattern) || Object.keys(pattern).length === 0)
    return `${path} must be an object with members`;
  for (const [name, value] of Object.entries(pattern)) {
    const at = `${path}.${name}`;
    if (name === "$or") return `the sandbox does not emulate ${at}`;
    const fault = Array.isArray(value) ? alternativesFault(value, at) : patternFault(value, at);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function alternativesFault(alternatives: readonly Json[], path: string): string | undefined {
  if (alternatives.length === 0) return `${path} must not be an empty list`;
  for (const one of alternatives) {
    if (isValue(one)) continue;
    const [name = "", ...others] = isObject(one) ? Object.keys(one) : [];
    const takes = MATCHERS[name];
    if (!isObject(one) || others.length > 0 || takes === undefined || !takes(one[name] ?? null))
      return `the sandbox does not emulate ${JSON.stringify(one)} in ${path}`;
  }
  return undefined;
}

/** Whether an event matches every member of a pattern that has no fault. */
export function matchesPattern(pattern: EventPattern, event: unknown): boolean {
  return Object.entries(pattern).every(([name, wanted]) => {
    const holders = Array.isArray(event) ? (event as readonly Json[]) : [event as Json];
    const found = holders.filter(isObject).flatMap((holder) => {
      const value = Object.hasOwn(holder, name) ? holder[name] : undefined;
      return value === undefined ? [] : [value];
    });
    return Array.isArray(wanted)
      ? wanted.some((one: Json) => matchesOne(one, found.flatMap(leaves)))
      : found.some((value) => matchesPattern(wanted as EventPattern, value));
  });
}

/** A list matches where one of its elements does; what is an object is no leaf. */
const leaves = (value: Json): readonly Json[] =>
  Array.isArray(value) ? value.flatMap(leaves) : isObject(value) ? [] : [value];

function matchesOne(wanted: Json, found: readonly Json[]): boolean {
  if (!isObject(wanted)) return found.includes(wanted);
  if ("exists" in wanted) return found.length > 0 === wanted["exists"];
  if ("prefix" in wanted) {
    const prefix = String(wanted["prefix"]);
    return found.some((value) => typeof value === "string" && value.startsWith(prefix));
  }
  const refused = [wanted["anything-but"] ?? null].flat() as readonly Json[];
  return found.length > 0 && !found.some((value) => refused.includes(value));
}
