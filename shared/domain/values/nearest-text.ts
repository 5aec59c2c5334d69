/** Finds the name that a misspelt one probably meant. */

interface Nearest {
  readonly name: string;
  /** How many characters must be put, taken, replaced, or exchanged with a neighbour. */
  readonly edits: number;
}

/** The name that is closest to a text, in any case; undefined where there are no names. */
function nearestOf(text: string, names: readonly string[]): Nearest | undefined {
  const byDistance = names.map((name) => ({ name, edits: editsBetween(text, name) }));
  return byDistance.toSorted((a, b) => a.edits - b.edits)[0];
}

/**
 * The name that a misspelt text probably means; undefined where every name is far away. At most one letter of three
 * may differ, so that no name is suggested for an unrelated word.
 */
export function meantBy(text: string, names: readonly string[]): string | undefined {
  const nearest = nearestOf(text, names);
  if (nearest === undefined) return undefined;
  const { name, edits } = nearest;
  return edits * 3 <= Math.max(text.length, name.length) ? name : undefined;
}

/** As {@link meantBy}, among EKS access policies: the parts that all their names share say nothing. */
export function policyMeantBy(text: string, policies: readonly string[]): string | undefined {
  const own = (name: string) => name.replace(/^AmazonEKS/i, "").replace(/Pol\w*$/i, "");
  const meant = meantBy(own(text), policies.map(own));
  return policies.find((name) => own(name) === meant);
}

/** ` Did you mean prod?`, to follow a sentence; empty where every name is far away. */
export const meantText = (text: string, names: readonly string[]): string =>
  questionOf(meantBy(text, names));

/** `Did you mean prod? `, to stand before a sentence; empty where every name is far away. */
export const meantBefore = (text: string, names: readonly string[]): string => {
  const meant = meantBy(text, names);
  return meant === undefined ? "" : `Did you mean ${meant}? `;
};

/** ` Did you mean prod?`; empty for no name. */
export const questionOf = (name: string | undefined): string =>
  name === undefined ? "" : ` Did you mean ${name}?`;

/** Letters put, taken or replaced, and neighbours exchanged: the optimal string alignment. */
function editsBetween(one: string, other: string): number {
  const [from, to] = [[...one.toLowerCase()], [...other.toLowerCase()]];
  let before: number[] = [];
  let row = Array.from({ length: to.length + 1 }, (_, at) => at);
  for (const [at, char] of from.entries()) {
    const next = [at + 1];
    for (const [place, wanted] of to.entries()) {
      const isExchanged = at > 0 && char === to[place - 1] && from[at - 1] === wanted;
      next.push(
        Math.min(
          (row[place] ?? 0) + Number(char !== wanted),
          (row[place + 1] ?? 0) + 1,
          (next[place] ?? 0) + 1,
          ...(isExchanged ? [(before[place - 1] ?? 0) + 1] : []),
        ),
      );
    }
    [before, row] = [row, next];
  }
  return row[to.length] ?? 0;
}
