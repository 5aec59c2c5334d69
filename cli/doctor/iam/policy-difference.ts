/**
 * The parts that two policies do not have in common, by their meaning. The order of members, of
 * statements and of lists, a list of one, the case of actions and a statement's id mean nothing.
 * Pure. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
import { UNKNOWN } from "./stack-values.ts";

/** Statements in words. Both lists are empty where the policies mean the same. */
export interface PolicyDifference {
  readonly lacks: readonly string[];
  readonly has: readonly string[];
}

/** Values by the path of their element: `Condition.StringEquals.sts:externalid`. */
type Flat = ReadonlyMap<string, readonly string[]>;

interface Statement {
  readonly source: Readonly<Record<string, unknown>>;
  readonly flat: Flat;
}

/**
 * @param expected may have {@link UNKNOWN} in texts, which stands for any text
 * @param found as IAM has it
 */
export function policyDifference(expected: unknown, found: unknown): PolicyDifference {
  const wanted = statementsOf(expected);
  const rest = [...statementsOf(found)];
  const lacks: string[] = [];
  for (const one of wanted) {
    const at = rest.findIndex(({ flat }) => isSame(one.flat, flat));
    if (at < 0) lacks.push(words(one.source));
    else rest.splice(at, 1);
  }
  return { lacks, has: rest.map(({ source }) => words(source)) };
}

/** A document of the older version lacks policy variables, so its statements are others. */
function statementsOf(document: unknown): readonly Statement[] {
  const { Version = "2008-10-17", Statement: statements = [] } = (document ?? {}) as {
    readonly Version?: unknown;
    readonly Statement?: unknown;
  };
  return [statements].flat().map((each) => {
    const source = each as Statement["source"];
    return { source, flat: new Map([...flatten(source), ["Version", [String(Version)]]]) };
  });
}

function flatten(statement: Statement["source"]): [string, readonly string[]][] {
  return Object.entries(statement).flatMap(([element, value]) =>
    element === "Sid" ? [] : flattenElement(element, element, value),
  );
}

function flattenElement(
  element: string,
  path: string,
  value: unknown,
): [string, readonly string[]][] {
  if (isObject(value))
    return Object.entries(value).flatMap(([key, each]) =>
      flattenElement(element, `${path}.${nameIn(path, key)}`, each),
    );
  // Everybody is written in two ways.
  const isEverybody = /^(?:Not)?Principal$/.test(path) && value === "*";
  const values = [value].flat().map((each) => normal(element, String(each)));
  return [[isEverybody ? `${path}.AWS` : path, distinct(values).sort()]];
}

/** A value once. Two unknown texts may be two values. */
const distinct = (values: readonly string[]): string[] =>
  values.filter((value, at) => value.includes(UNKNOWN) || values.indexOf(value) === at);

/** Keys of conditions are the same in any case; operators are not. */
const nameIn = (path: string, key: string): string =>
  /^Condition\./.test(path) ? key.toLowerCase() : key;

/** IAM writes an account as its root. */
const normal = (element: string, value: string): string => {
  if (/^(?:Not)?Action$/.test(element)) return value.toLowerCase();
  return /^(?:Not)?Principal$/.test(element) ? value.replace(ROOT, "$1") : value;
};

const ROOT = /^arn:[\w-]+:iam::(\d{12}):root$/;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isSame = (expected: Flat, found: Flat): boolean =>
  expected.size === found.size &&
  [...expected].every(([path, values]) => isSameList(values, found.get(path) ?? []));

/** Texts that are known are compared first, since an unknown one is like many. */
function isSameList(expected: readonly string[], found: readonly string[]): boolean {
  const rest = found.filter((value) => !expected.includes(value));
  const open = expected.filter((value) => !found.includes(value));
  return (
    open.length === rest.length &&
    open.every((value) => {
      const at = rest.findIndex((one) => isLike(value, one));
      if (at >= 0) rest.splice(at, 1);
      return at >= 0;
    })
  );
}

function isLike(expected: string, found: string): boolean {
  if (!expected.includes(UNKNOWN)) return expected === found;
  const pattern = expected
    .split(UNKNOWN)
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${pattern.join(".*")}$`, "s").test(found);
}

const MOST = 2;

/** `Allow sts:AssumeRole for arn:…:root`; with its id, where it has one. */
function words(statement: Statement["source"]): string {
  const { Sid, Effect, Action, NotAction, Resource, NotResource, Principal, NotPrincipal } =
    statement;
  const part = (word: string, value: unknown) =>
    value === undefined ? "" : ` ${word}${some(value)}`;
  const what = [
    `${Effect}${part("", Action)}${part("all but ", NotAction)}`,
    part("on ", Resource),
    part("on all but ", NotResource),
    part("for ", Principal),
    part("for all but ", NotPrincipal),
    statement["Condition"] === undefined ? "" : " on conditions",
  ].join("");
  return Sid === undefined ? what : `${Sid} (${what})`;
}

function some(value: unknown): string {
  const values = (isObject(value) ? Object.values(value) : [value]).flat().map(String);
  const more = values.length - MOST;
  return `${values.slice(0, MOST).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}
