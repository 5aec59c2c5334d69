/**
 * Verifies seals, and records against them, with nothing but the public key. Faults come in
 * reading order. Seals are first, since they say what the records must be.
 */
import { CHAIN_START } from "../../values/hash-chain.ts";
import { type ChainTip, dayAfter, type SealedDay, sealHash, sealText, tipsRoot } from "./seal.ts";

/** The public key that must have signed. */
export interface SealKey {
  /** SHA-256 in hex of the key (DER, SubjectPublicKeyInfo). */
  readonly fingerprint: string;
  /** Whether the key made this signature over this text. @param signature as `SealedDay` has it */
  readonly verifySignature: (text: string, signature: string) => boolean;
}

/** The seals that there must be. */
export interface SealPeriod {
  /** The first day; undefined for the first seal ever. */
  readonly from?: string;
  /** The last day that must be sealed; undefined if that is not known. */
  readonly until?: string;
  /** The day on which it is verified: no such day can be sealed yet, and no later one. */
  readonly today?: string;
}

/**
 * - `other-key`: the seal says that another key signed it.
 * - `edited`: the seal does not match its signature.
 * - `order`: the seals are not in the order of their days, or a day is there twice.
 * - `missing`: a day has no seal.
 * - `unlinked`: the seal does not name the seal before it.
 * - `future`: the day was not over when it was verified.
 * - `disputed`: the seal says that the table did not have a record that the archive has.
 * - `tips`: the list of chains is not the one that was sealed.
 */
type SealFaultKind =
  | "other-key"
  | "edited"
  | "order"
  | "missing"
  | "unlinked"
  | "tips"
  | "future"
  | "disputed";

interface SealFault {
  /** The day whose seal is at fault. */
  readonly day: string;
  readonly fault: SealFaultKind;
  readonly detail: string;
}

/** A tip with the day that sealed it. */
export type SealedTip = ChainTip & { readonly day: string };

export interface SealVerification {
  readonly faults: readonly SealFault[];
  /** The tips of the days that hold, for `seal-records.ts`. */
  readonly tips: readonly SealedTip[];
}

/** @param days the seals in the order in which they were found */
export function verifySeals(
  days: readonly SealedDay[],
  key: SealKey,
  period: SealPeriod = {},
): SealVerification {
  const sorted = [...days].sort((a, b) => (a.seal.day < b.seal.day ? -1 : 1));
  const faults = [...misplaced(days, sorted)];
  const tips: SealedTip[] = [];
  let before: SealedDay | undefined;
  for (const sealed of sorted) {
    const { day } = sealed.seal;
    const found = ownFault(sealed, key) ?? linkFault(sealed, before, period);
    faults.push(...(found ? [found] : disputes(sealed)));
    if (!found) for (const tip of sealed.tips) tips.push({ ...tip, day });
    before = sealed;
  }
  const last = before?.seal.day;
  if (period.until !== undefined && (last === undefined || last < period.until))
    faults.push(noSeal((last === undefined ? period.from : dayAfter(last)) ?? period.until));
  return { faults, tips };
}

function* misplaced(
  days: readonly SealedDay[],
  sorted: readonly SealedDay[],
): Generator<SealFault> {
  const at = days.findIndex(({ seal }, index) => seal.day !== sorted[index]?.seal.day);
  const day = days[at]?.seal.day;
  if (day !== undefined)
    yield { day, fault: "order", detail: `The seal of ${day} is not in its place among the days.` };
}

/** The fault that a seal shows by itself. */
function ownFault({ seal, signature, tips }: SealedDay, key: SealKey): SealFault | undefined {
  const { day } = seal;
  if (seal.key !== key.fingerprint)
    return { day, fault: "other-key", detail: `Another key sealed ${day}.` };
  if (!key.verifySignature(sealText(seal), signature))
    return {
      day,
      fault: "edited",
      detail: `The seal of ${day} does not match its signature: it was edited, or another key made it.`,
    };
  const isSorted = tips.every(({ chain }, at) => at === 0 || (tips[at - 1]?.chain ?? "") < chain);
  if (tips.length !== seal.size || !isSorted || tipsRoot(tips) !== seal.root)
    return {
      day,
      fault: "tips",
      detail: `The list of chains of ${day} is not the one that was sealed.`,
    };
  return undefined;
}

const disputes = ({ seal: { day, disputed = [] } }: SealedDay): readonly SealFault[] =>
  disputed.map(({ chain, seq }) => ({
    day,
    fault: "disputed",
    detail: `When ${day} was sealed, the table did not have record ${seq} of ${chain} as the archive has it. No seal covers it.`,
  }));

/** The fault that a seal shows beside the one before it. */
function linkFault(
  { seal }: SealedDay,
  before: SealedDay | undefined,
  { from, today }: SealPeriod,
): SealFault | undefined {
  const { day, previous } = seal;
  if (today !== undefined && day >= today)
    return {
      day,
      fault: "future",
      detail: `The day ${day} is not over by the clock of this machine, and has a seal.`,
    };
  const due = before ? dayAfter(before.seal.day) : from;
  if (due !== undefined && due < day) return noSeal(due);
  if (before?.seal.day === day)
    return { day, fault: "order", detail: `The day ${day} has two seals.` };
  const expected = before ? sealHash(before.seal) : firstPrevious(from, previous);
  if (previous === expected) return undefined;
  const detail = `The seal of ${day} does not follow the seal before it.`;
  return { day, fault: "unlinked", detail };
}

/** The seal before a period's first is not known. The first seal ever has no seal before it. */
const firstPrevious = (from: string | undefined, previous: string) =>
  from === undefined ? CHAIN_START : previous;

const noSeal = (day: string): SealFault => ({
  day,
  fault: "missing",
  detail: `The seal of ${day} is missing.`,
});
