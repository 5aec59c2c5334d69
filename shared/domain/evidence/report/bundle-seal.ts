/**
 * The seals of a bundle, and up to which day they leave nothing out. The leaves of a day's tree are sorted by chain, so
 * two neighbours show that no chain between them changed on that day. Days that follow each other leave no room for
 * another one.
 */
import type { AuditEvent } from "../../requests/audit-event.ts";
import { isIncluded } from "../archive/merkle.ts";
import {
  type ChainTip,
  type DaySeal,
  dayAfter,
  dayOf,
  leafText,
  type SealedDay,
  sealHash,
} from "../archive/seal.ts";

/** A sealed record, with the RFC 6962 proof that its day's seal covers it. */
export interface TipProof {
  readonly tip: ChainTip;
  /** The tip's place among the leaves, from 0. */
  readonly index: number;
  readonly proof: readonly string[];
}

/** The seal of a day from the request's first one on, with what it says of the request's chains. */
export interface BundleSeal extends Omit<SealedDay, "tips"> {
  readonly proofs: readonly TipProof[];
  /**
   * Tips of other chains, sorted: between two whose indices follow each other, no chain changed. Absent where both
   * chains changed, and from bundles of earlier releases.
   */
  readonly neighbours?: readonly TipProof[] | undefined;
}

/** The request's own two chains. Findings are in chains of their clusters, with those of others. */
export const chainsOfRequest = (requestId: string): readonly [string, string] => [
  `AUDIT#${requestId}`,
  `EVID#${requestId}`,
];

interface SealedRecords {
  readonly events: readonly AuditEvent[];
  /** Sorted by day. */
  readonly seals: readonly BundleSeal[];
}

/** A day on which something may have been left out. */
export interface Gap {
  readonly day: string;
  readonly detail: string;
}

/**
 * The last day up to which no sealed record of the request's own chains is left out; null where a day in between
 * may hide one, or no seal is there.
 */
export const completeTo = (records: SealedRecords): string | null =>
  gapsIn(records).length === 0 ? (records.seals.at(-1)?.seal.day ?? null) : null;

/** The days that may hide records, from the request's first one to that of the last seal. */
export function gapsIn({ events, seals }: SealedRecords): readonly Gap[] {
  const [first] = events;
  if (!first || seals.length === 0) return [];
  return seals.flatMap((each, index) => [
    ...missingBefore(each.seal, seals[index - 1]?.seal, dayOf(first.at)),
    ...chainsOfRequest(first.requestId)
      .filter((chain) => !isShown(chain, each))
      .map((chain) => ({
        day: each.seal.day,
        detail: `It does not show whether ${chain} changed on that day.`,
      })),
  ]);
}

/** @param firstDay the day of the request's first event */
function missingBefore(
  seal: DaySeal,
  before: DaySeal | undefined,
  firstDay: string,
): readonly Gap[] {
  const { day } = seal;
  if (!before)
    return day <= firstDay
      ? []
      : [{ day, detail: `The seals from ${firstDay} to the day before it are missing.` }];
  const due = dayAfter(before.day);
  if (day !== due)
    return [{ day, detail: `The seals from ${due} to the day before it are missing.` }];
  return seal.previous === sealHash(before)
    ? []
    : [{ day, detail: `It does not follow the seal of ${before.day} in this bundle.` }];
}

/** Whether the seal shows how far the chain had come that day, or that it did not change. */
const isShown = (chain: string, { seal, proofs, neighbours = [] }: BundleSeal): boolean =>
  proofs.some(({ tip }) => tip.chain === chain) || isAbsent(chain, seal, neighbours);

/** Whether two neighbours leave no place for the chain; at either end of the leaves, one suffices. */
function isAbsent(chain: string, { size }: DaySeal, neighbours: readonly TipProof[]): boolean {
  const before = neighbours.findLast(({ tip }) => tip.chain < chain);
  const after = neighbours.find(({ tip }) => tip.chain > chain);
  return (before?.index ?? -1) + 1 === (after?.index ?? size);
}

/** Whether the tip is the leaf at its index in the tree that was sealed. */
export const isSealed = ({ size, root }: DaySeal, { tip, index, proof }: TipProof): boolean =>
  isIncluded({ leaf: leafText(tip), index, size, proof, root });
