/** Several things on one command line: each `--cluster` begins another. */
import { MOST_PARTS } from "../../shared/domain/policy/asked-together.ts";
import { Failure } from "../failures/failure.ts";
import { type RequestTerms, wrongTerms } from "./request-terms.ts";

/** An option as it was parsed, in its place on the command line. */
export type GivenTerm = {
  readonly [Name in keyof RequestTerms]-?: {
    readonly name: Name;
    readonly value: NonNullable<RequestTerms[Name]>;
  };
}[keyof RequestTerms];

/** The options that name the access. They stand behind its cluster. */
const ACCESS: ReadonlySet<keyof RequestTerms> = new Set([
  "policy",
  "namespace",
  "clusterScope",
  "group",
  "rule",
]);

/**
 * The terms of each cluster that is named, where several are. The options behind a cluster belong to it. A duration, reason,
 * principal, start or ticket that stands before the first one, or that is given only once, is for all.
 *
 * @returns undefined where at most one is named
 * @throws Failure `usage` where they cannot be told apart
 */
export function severalTerms(given: readonly GivenTerm[]): readonly RequestTerms[] | undefined {
  const starts = given.flatMap(({ name }, at) => (name === "cluster" ? [at] : []));
  if (starts.length < 2) return undefined;
  if (starts.length > MOST_PARTS)
    throw wrongTerms(
      `One ask names at most ${MOST_PARTS} clusters, and this one ${starts.length}.`,
    );
  const before = given.slice(0, starts[0]);
  const early = before.find(({ name }) => ACCESS.has(name));
  if (early)
    throw wrongTerms(
      "With several clusters, name each one before its policy, scope, group and rule.",
    );
  const forAll = termsOf([...given.filter((term) => isOnlyOne(term, given)), ...before]);
  return starts.map((start, at) => ({
    ...forAll,
    ...termsOf(given.slice(start, starts[at + 1])),
  }));
}

const isOnlyOne = ({ name }: GivenTerm, given: readonly GivenTerm[]): boolean =>
  !ACCESS.has(name) && given.filter((other) => other.name === name).length === 1;

/** A name that stands twice keeps its last value, and lists are added up, as commander does for one request. */
function termsOf(given: readonly GivenTerm[]): RequestTerms {
  const terms = new Map<string, unknown>();
  for (const { name, value } of given) {
    const earlier = terms.get(name);
    terms.set(
      name,
      Array.isArray(earlier) && Array.isArray(value) ? [...earlier, ...value] : value,
    );
  }
  return Object.fromEntries(terms);
}

/** @throws Failure `usage` where somebody wants to wait for several */
export function checkNoWait({
  wait,
  timeout,
}: {
  readonly wait?: boolean;
  readonly timeout?: string;
}): void {
  if (wait !== true && timeout === undefined) return;
  throw new Failure("usage", "usage", {
    what: "--wait and --timeout are for one request, and this asks for several.",
    notDone: "Nothing was sent.",
    next: ["Next: ask without them, and follow all with timelatch watch."],
  });
}
