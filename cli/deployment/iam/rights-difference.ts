/**
 * The changes of a deployment to IAM: rights that are there only afterwards, and only before. Pure.
 */
import type { Right } from "./template-rights.ts";

export interface Change {
  readonly right: Right;
  /** It is there afterwards, and was not before; or the reverse. */
  readonly added: boolean;
}

export interface SubjectChanges {
  readonly account: string;
  readonly subject: string;
  /** Nothing of it was there before, or nothing is afterwards. */
  readonly state: "new" | "gone" | "kept";
  readonly changes: readonly Change[];
}

/** Changes by account and subject. Subjects that stay as they are have no change. */
export function rightsDifference(
  before: readonly Right[],
  after: readonly Right[],
): readonly SubjectChanges[] {
  const changes = [
    ...without(after, before).map((right): Change => ({ right, added: true })),
    ...without(before, after).map((right): Change => ({ right, added: false })),
  ];
  const bySubject = Map.groupBy(changes, ({ right }) => subjectKey(right));
  const [had, has] = [subjectsOf(before), subjectsOf(after)];
  return [...bySubject]
    .flatMap(([key, those]): readonly SubjectChanges[] => {
      const [first] = those;
      if (!first) return [];
      const { account, subject } = first.right;
      const state = !had.has(key) ? "new" : !has.has(key) ? "gone" : "kept";
      return [{ account, subject, state, changes: those }];
    })
    .toSorted((a, b) => compare(a.account, b.account) || compare(a.subject, b.subject));
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const subjectKey = ({ account, subject }: Right) => JSON.stringify([account, subject]);
const subjectsOf = (rights: readonly Right[]) => new Set(rights.map(subjectKey));

function without(rights: readonly Right[], others: readonly Right[]): readonly Right[] {
  const known = new Set(others.map((right) => JSON.stringify(right)));
  return rights.filter((right) => !known.has(JSON.stringify(right)));
}

/** Whether somebody may do more afterwards: a right is added, or a denial is gone. */
export const isBroader = ({ right, added }: Change): boolean =>
  added === (right.effect === "Allow");
