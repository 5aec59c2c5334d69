/**
 * Verifies records against the tips that seals hold. A chain by itself shows edits and gaps, unless
 * somebody computed its hashes again. A seal shows that too, and what was cut off or added.
 */

import { type ChainTip, dayOf } from "./seal.ts";
import type { SealedTip } from "./seal-verify.ts";

/** A record as far as a seal is concerned. */
type SealedRecord = ChainTip & {
  /** When it happened. ISO 8601 UTC. */
  readonly at: string;
};

/**
 * - `rewritten`: the chain was computed again after a change.
 * - `cut-off`: the chain's last records are missing.
 * - `missing`: the whole chain is missing.
 * - `unsealed`: the record is dated on a sealed day or before all of them, but no seal covers it. It
 *   was added, or it came late and the next seal will have it.
 */
type RecordSealFaultKind = "rewritten" | "cut-off" | "missing" | "unsealed";

interface RecordSealFault {
  readonly chain: string;
  /** The fault is in the records after this one, 0 for the chain's start … */
  readonly after: number;
  /** … up to this one. */
  readonly seq: number;
  /** The day whose seal shows it. */
  readonly day: string;
  readonly fault: RecordSealFaultKind;
  readonly detail: string;
}

/** Verifies records one after the other, in any order. */
export interface SealRecordVerifier {
  /** Records that are younger than the last seal, so that nothing covers them yet. */
  readonly uncovered: number;
  /** @returns the fault that this record shows */
  add(record: SealedRecord): RecordSealFault | undefined;
  /** After the last record: what is missing, by chain. */
  end(): readonly RecordSealFault[];
}

/** A chain's tips by `seq`, oldest first, and how far its records have been seen. */
interface SealedChain {
  readonly tips: Map<number, SealedTip>;
  readonly last: number;
  seen: number;
}

/**
 * A verifier that keeps the tips, and nothing of the records.
 *
 * @param tips those of verified seals
 * @param days the last sealed day
 */
export function sealRecordVerifier(
  tips: readonly SealedTip[],
  days: { readonly until: string },
): SealRecordVerifier {
  const chains = byChain(tips);
  let uncovered = 0;
  return {
    get uncovered() {
      return uncovered;
    },
    add(record) {
      const chain = chains.get(record.chain);
      if (chain) chain.seen = Math.max(chain.seen, record.seq);
      const tip = chain?.tips.get(record.seq);
      if (chain && tip && tip.hash !== record.hash) return rewritten(chain, tip);
      if (record.seq <= (chain?.last ?? 0)) return undefined;
      const day = dayOf(record.at);
      if (day <= days.until) return unsealed(record, chain?.last ?? 0);
      uncovered += 1;
      return undefined;
    },
    end: () =>
      [...chains.values()].flatMap((chain) => {
        const lost = [...chain.tips.values()].find(({ seq }) => seq > chain.seen);
        return lost ? [missing(chain, lost)] : [];
      }),
  };
}

function byChain(tips: readonly SealedTip[]): Map<string, SealedChain> {
  const lists = Map.groupBy(tips, ({ chain }) => chain);
  const ordered = [...lists].sort(([a], [b]) => (a < b ? -1 : 1));
  return new Map(
    ordered.map(([chain, list]) => {
      const oldest = list.sort((a, b) => a.seq - b.seq);
      const last = oldest.at(-1)?.seq ?? 0;
      return [chain, { tips: new Map(oldest.map((tip) => [tip.seq, tip])), last, seen: 0 }];
    }),
  );
}

/** The last sealed record before a tip: what is up to there was not at fault. */
const tipBefore = ({ tips }: SealedChain, seq: number): number =>
  [...tips.keys()].findLast((each) => each < seq) ?? 0;

function rewritten(sealed: SealedChain, { chain, seq, day }: SealedTip): RecordSealFault {
  const after = tipBefore(sealed, seq);
  const where = after + 1 === seq ? `Record ${seq}` : `One of the records ${after + 1} to ${seq}`;
  const detail = `${where} of ${chain} is not what was sealed on ${day}: it was changed, and the hashes were computed again.`;
  return { chain, after, seq, day, fault: "rewritten", detail };
}

/** Where a chain is cut off, the records after the last sealed one that is there prove nothing. */
function missing(sealed: SealedChain, { chain, seq, day }: SealedTip): RecordSealFault {
  const { seen, last } = sealed;
  const place = { chain, after: tipBefore(sealed, seq), seq: last, day };
  return seen === 0
    ? {
        ...place,
        fault: "missing",
        detail: `All of ${chain} is missing, which was sealed on ${day}.`,
      }
    : {
        ...place,
        fault: "cut-off",
        detail: `Records of ${chain} after ${seen} are missing. It was sealed up to ${last}.`,
      };
}

const unsealed = ({ chain, seq, at }: SealedRecord, after: number): RecordSealFault => ({
  chain,
  after,
  seq,
  day: dayOf(at),
  fault: "unsealed",
  detail: `Record ${seq} of ${chain} is dated ${at}, but no seal covers it: it was added, or came late.`,
});
