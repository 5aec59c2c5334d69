/** Puts a role's statements into policies that IAM takes. Pure. */
import {
  ACCESS_POLICIES,
  type GrantorStatement,
  type ListOfAlternatives,
  numbered,
  PRINCIPAL_NAMES,
  PRINCIPALS,
  RESOURCES,
} from "../../shared/domain/grantors/grantor-statement.ts";
import { charactersOf, IAM_LIMITS, WRAPPER } from "./policy-size.ts";

/** The policies of one role. */
export interface PackedPolicies {
  /** The role's own policy: all that must hold whatever happens to the others. */
  readonly inline: readonly GrantorStatement[];
  /** Policies of their own, attached to the role. */
  readonly managed: readonly (readonly GrantorStatement[])[];
}

/** A policy that is being filled. */
interface Bin {
  readonly limit: number;
  readonly statements: GrantorStatement[];
  characters: number;
}

const newBin = (limit: number): Bin => ({ limit, statements: [], characters: WRAPPER });

/**
 * All statements, as few policies as a first fit by size finds. Splits a statement only where no
 * managed policy holds it, along lists of alternatives. So together they allow and deny what they
 * did before.
 *
 * @param first go into the inline policy
 * @param others go where there is room
 * @returns too many policies, or too long ones, where it does not fit: `fitsIntoRole` says so
 */
export function packStatements(
  first: readonly GrantorStatement[],
  others: readonly GrantorStatement[],
): PackedPolicies {
  const inline = newBin(IAM_LIMITS.inline);
  for (const statement of first) put(inline, statement);
  const bins = [inline];
  const pieces = others
    .flatMap((statement) => splitToFit(statement, IAM_LIMITS.managed - WRAPPER))
    .sort((one, two) => charactersOf(two) - charactersOf(one));
  for (const piece of pieces) {
    const withRoom = bins.find((one) => roomIn(one) >= costOf(piece));
    const bin = withRoom ?? newBin(IAM_LIMITS.managed);
    if (!withRoom) bins.push(bin);
    put(bin, piece);
  }
  return unique(bins.map(({ statements }) => statements));
}

/** Characters of each policy, tokens at their longest. */
export const sizesOf = ({ inline, managed }: PackedPolicies) => ({
  inline: documentSize(inline),
  managed: managed.map(documentSize),
});

export function fitsIntoRole(packed: PackedPolicies): boolean {
  const { inline, managed } = sizesOf(packed);
  return (
    inline <= IAM_LIMITS.inline &&
    managed.length <= IAM_LIMITS.managedPolicies &&
    managed.every((size) => size <= IAM_LIMITS.managed)
  );
}

const documentSize = (statements: readonly GrantorStatement[]): number =>
  WRAPPER + charactersOf(statements) - "[]".length;

const roomIn = ({ limit, characters }: Bin): number => limit - characters;

/** With room for the number that makes an id unique, and for the comma after it. */
const costOf = (statement: GrantorStatement): number => charactersOf(statement) + 4;

function put(bin: Bin, statement: GrantorStatement): void {
  bin.statements.push(statement);
  bin.characters += costOf(statement);
}

/** Ids are unique in the whole role, so that a reader finds each. */
function unique(policies: readonly (readonly GrantorStatement[])[]): PackedPolicies {
  const all = numbered(policies.flat());
  let from = 0;
  const [inline = [], ...managed] = policies.map(({ length }) => {
    from += length;
    return all.slice(from - length, from);
  });
  return { inline, managed };
}

const SPLITTABLE: readonly ListOfAlternatives[] = [
  PRINCIPAL_NAMES,
  PRINCIPALS,
  RESOURCES,
  ACCESS_POLICIES,
];

/**
 * The statement, or several with parts of its longest list, each within the limit of characters.
 */
function splitToFit(statement: GrantorStatement, limit: number): readonly GrantorStatement[] {
  if (costOf(statement) <= limit) return [statement];
  const [longest] = SPLITTABLE.map((list) => ({ list, values: list.listOf(statement) ?? [] }))
    .filter(({ values }) => values.length > 1)
    .sort((one, two) => JSON.stringify(two.values).length - JSON.stringify(one.values).length);
  if (!longest) return [statement];
  const { list, values } = longest;
  const [head, tail] = cut(values, limit - costOf(list.replaced(statement, [])));
  return [
    ...splitToFit(list.replaced(statement, head), limit),
    ...splitToFit(list.replaced(statement, tail), limit),
  ];
}

/** As many values as have room, but at least one and never all; half where there is no room at all. */
function cut(values: readonly string[], room: number): readonly [string[], string[]] {
  let used = 0;
  const fitting = values.findIndex((value) => {
    used += charactersOf(value) + 1;
    return used > room;
  });
  const at = fitting < 1 ? Math.ceil(values.length / 2) : fitting;
  return [values.slice(0, at), values.slice(at)];
}

/** Values in lists of at most `room` characters each, commas counted. */
export function chunksOf(values: readonly string[], room: number): readonly (readonly string[])[] {
  if (values.length === 0) return [];
  const size = values.reduce((sum, value) => sum + charactersOf(value) + 1, 0);
  if (size <= room || values.length === 1) return [values];
  const [head, tail] = cut(values, room);
  return [head, ...chunksOf(tail, room)];
}
