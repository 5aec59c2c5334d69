/** Reads the output of a verifier that Spin generated. http://spinroot.com/spin/Man/Pan.html */

export interface SearchResult {
  /** `incomplete`: the search met a limit, so it proves nothing. */
  readonly result: "holds" | "refuted" | "incomplete";
  readonly states: number;
  /** The longest history, in steps. */
  readonly depth: number;
  readonly megabytes: number;
  /** Why it is incomplete. */
  readonly limit?: string;
}

/** Messages of a search that was not exhaustive. */
const LIMITS: readonly RegExp[] = [
  /max search depth too small/,
  /out of memory/,
  /reached -DMEMLIM bound/,
  /Search not completed/,
  /Bit statespace search/,
  /Hash-Compact/,
];

/** The result of a search. Output without a count of errors is `incomplete`. */
export function readPanOutput(text: string): SearchResult {
  const number = (pattern: RegExp) => Number(pattern.exec(text)?.[1] ?? Number.NaN);
  const errors = number(/errors: (\d+)/);
  const counts = {
    states: number(/^\s*(\d[\d.e+]*) states, stored/m),
    depth: number(/depth reached (\d+)/),
    megabytes: number(/^\s*(\d[\d.]*)\s+total actual memory usage/m),
  };
  // A counterexample counts, although it ends the search.
  if (errors > 0) return { result: "refuted", ...counts };
  const limit = LIMITS.map((each) => each.exec(text)?.[0]).find((each) => each !== undefined);
  if (limit !== undefined) return { result: "incomplete", ...counts, limit };
  if (errors === 0) return { result: "holds", ...counts };
  return { result: "incomplete", ...counts, limit: text.trim().split("\n").at(-1) ?? "no output" };
}
