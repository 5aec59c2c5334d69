/** Finds the name that a misspelt one probably meant. */

interface Nearest {
  readonly name: string;
  /** How many characters must be put, taken or replaced. */
  readonly edits: number;
}

/** The name that is closest to a text, in any case; undefined where there are no names. */
export function nearestOf(text: string, names: readonly string[]): Nearest | undefined {
  const byDistance = names.map((name) => ({ name, edits: editsBetween(text, name) }));
  return byDistance.toSorted((a, b) => a.edits - b.edits)[0];
}

/** Levenshtein's distance. */
function editsBetween(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (const [at, char] of [...one.toLowerCase()].entries()) {
    const next = [at + 1];
    for (const [to, wanted] of [...other.toLowerCase()].entries())
      next.push(
        Math.min(
          (row[to] ?? 0) + Number(char !== wanted),
          (row[to + 1] ?? 0) + 1,
          (next[to] ?? 0) + 1,
        ),
      );
    row = next;
  }
  return row[other.length] ?? 0;
}
