/**
 * Chains of records, each of which contains the hash of the one before it. A holder of the records
 * can detect edits, swaps and gaps. Records cut off at the end cannot be detected here.
 */
import { hashOf } from "./canonical-json.ts";

/** The previous hash of a chain's first record. */
export const CHAIN_START = "0".repeat(64);

/** The fields of every record of a chain. */
export interface ChainedRecord {
  /** 1, 2, 3 … without gaps. */
  readonly seq: number;
  readonly previousHash: string;
  /** SHA-256 in hex over the RFC 8785 form of all other fields. */
  readonly hash: string;
}

/** Links a record to the one before it by adding its own `hash`. */
export const linked = <Body extends object>(body: Body): Body & Pick<ChainedRecord, "hash"> => ({
  ...body,
  hash: hashOf(body),
});

/** Whether a record is the next one after another, and its hash its own. Trusts nothing stored. */
export const continues = (
  { hash, ...body }: ChainedRecord,
  before: Pick<ChainedRecord, "seq" | "hash">,
): boolean =>
  body.seq === before.seq + 1 && body.previousHash === before.hash && hashOf(body) === hash;

/** The start that the first record of a chain continues. */
export const NO_RECORD = { seq: 0, hash: CHAIN_START } as const;

type ChainFaultKind = "edited" | "gap" | "unlinked" | "duplicate" | "order" | "time";

/** The first fault in a chain. */
export interface RecordFault {
  /** The first `seq` at which verification fails. */
  readonly seq: number;
  readonly fault: ChainFaultKind;
  readonly detail: string;
}

/** A chain that does not hold. */
export type BrokenChain = RecordFault & { readonly chain: string };

/** How to read the records of one kind. */
export interface ChainKind<Full extends ChainedRecord, Kept extends ChainedRecord> {
  /** The noun for one record in texts, such as `Event`. */
  readonly noun: string;
  readonly chainOf: (one: Full) => string;
  /** The part of a record that is kept until the next one comes. */
  readonly keep: (one: Full) => Kept;
  /** Says what is wrong with a record after `before`, which is undefined for a chain's first. */
  readonly rule: (before: Kept | undefined, one: Kept) => Omit<RecordFault, "seq"> | undefined;
}

/** Verifies any number of chains, one record after the other. */
export interface HashChainVerifier<Full> {
  /** How many chains had a record so far. */
  readonly chains: number;
  /** @returns the chain's first fault, if this record shows it */
  add(one: Full): BrokenChain | undefined;
  /** After the last record: the chains of which a record is missing. */
  end(): readonly BrokenChain[];
}

/** One chain so far. */
interface Progress<Kept> {
  last: Kept | undefined;
  /** Records that came before their predecessor, by `seq`. */
  readonly early: Map<number, Kept>;
  broken: boolean;
}

/**
 * A verifier that keeps one link for each chain, and those records that came too early. Records of a
 * chain may come in any order, and chains may be mixed.
 */
export function hashChainVerifier<Full extends ChainedRecord, Kept extends ChainedRecord>(
  kind: ChainKind<Full, Kept>,
): HashChainVerifier<Full> {
  const all = new Map<string, Progress<Kept>>();
  return {
    get chains() {
      return all.size;
    },
    add(one) {
      const chain = kind.chainOf(one);
      const progress = all.get(chain) ?? { last: undefined, early: new Map(), broken: false };
      all.set(chain, progress);
      if (progress.broken) return undefined;
      const found = faultOnArrival(progress, one, kind) ?? advance(progress, kind);
      if (found === undefined) return undefined;
      progress.broken = true;
      progress.early.clear();
      return { chain, ...found };
    },
    end: () =>
      [...all].flatMap(([chain, progress]) => {
        const gap = gapOf(progress, kind.noun);
        return gap ? [{ chain, ...gap }] : [];
      }),
  };
}

/** Keeps a record that may follow later; its own content is checked at once. */
function faultOnArrival<Full extends ChainedRecord, Kept extends ChainedRecord>(
  progress: Progress<Kept>,
  one: Full,
  { noun, keep }: ChainKind<Full, Kept>,
): RecordFault | undefined {
  const { hash, ...body } = one;
  const { seq } = one;
  if (seq <= (progress.last?.seq ?? 0) || progress.early.has(seq))
    return { seq, fault: "duplicate", detail: `${noun} ${seq} appears twice.` };
  if (hashOf(body) !== hash)
    return { seq, fault: "edited", detail: `${noun} ${seq} does not match its hash.` };
  progress.early.set(seq, keep(one));
  return undefined;
}

/** Follows the chain as far as its records are there. */
function advance<Full extends ChainedRecord, Kept extends ChainedRecord>(
  progress: Progress<Kept>,
  { noun, rule }: ChainKind<Full, Kept>,
): RecordFault | undefined {
  for (;;) {
    const before = progress.last;
    const seq = (before?.seq ?? 0) + 1;
    const next = progress.early.get(seq);
    if (!next) return undefined;
    if (next.previousHash !== (before?.hash ?? CHAIN_START))
      return {
        seq,
        fault: "unlinked",
        detail: `${noun} ${seq} does not follow the one before it.`,
      };
    const broken = rule(before, next);
    if (broken) return { seq, ...broken };
    progress.early.delete(seq);
    progress.last = next;
  }
}

function gapOf<Kept extends ChainedRecord>(
  { last, early }: Progress<Kept>,
  noun: string,
): RecordFault | undefined {
  if (early.size === 0) return undefined;
  const seq = (last?.seq ?? 0) + 1;
  const next = [...early.keys()].reduce((least, one) => Math.min(least, one));
  return { seq, fault: "gap", detail: `${noun} ${seq} is missing; ${next} follows.` };
}
