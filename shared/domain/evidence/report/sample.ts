/**
 * A sample of a report's requests that anybody can draw again, from a seed and the ids. Pure.
 *
 * Every break-glass is in it. The others are sorted by the SHA-256 of the seed, a space and the id, as lower-case
 * hex, and the first are taken.
 */
import { sha256 } from "../../values/canonical-json.ts";

export interface SampleTerms {
  /** How many requests to draw besides break-glass. */
  readonly size: number;
  /** Any text: the same one draws the same requests. */
  readonly seed: string;
}

export interface ReportSample extends SampleTerms {
  /** How many requests the report has. */
  readonly population: number;
  /** Ids of each break-glass, and of each request of which nobody knows whether it is one. */
  readonly breakGlass: readonly string[];
  /** How many others there are. */
  readonly others: number;
  /** Ids of the drawn ones, in the order of their hashes. Fewer than `size` if there are no more. */
  readonly drawn: readonly string[];
}

interface Sampled {
  readonly requestId: string;
  /** Null if nobody knows any more. */
  readonly breakGlass: boolean | null;
}

export function drawSample(rows: readonly Sampled[], { size, seed }: SampleTerms): ReportSample {
  const isOther = ({ breakGlass }: Sampled) => breakGlass === false;
  const others = rows.filter(isOther).map(({ requestId }) => requestId);
  const ranked = others.map((id) => ({ id, rank: sha256(`${seed} ${id}`) }));
  return {
    size,
    seed,
    population: rows.length,
    breakGlass: rows.filter((row) => !isOther(row)).map(({ requestId }) => requestId),
    others: others.length,
    drawn: ranked
      .sort((a, b) => (a.rank < b.rank ? -1 : 1))
      .slice(0, size)
      .map(({ id }) => id),
  };
}
