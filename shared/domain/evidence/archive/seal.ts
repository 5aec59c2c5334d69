/**
 * The seal of one UTC day. It has a Merkle root over the heads of all chains that changed, and a
 * link to the day before. Its RFC 8785 form is what a key signs. With the seals and the public key,
 * anyone can show a tail that was cut off, or a missing request.
 */
import { canonicalJson, sha256 } from "../../values/canonical-json.ts";
import { CHAIN_START } from "../../values/hash-chain.ts";
import { merkleRoot } from "./merkle.ts";

/** The head of one chain at the end of a day: a leaf of the tree. */
export interface ChainTip {
  /** The chain, with its kind first: `AUDIT#<requestId>`, `EVID#…`, `FIND#…`, `DELEG#…`,
   * `STOP#ALL` or `STANDING#…`. */
  readonly chain: string;
  readonly seq: number;
  readonly hash: string;
}

/** A record that came after the day that it is dated on was sealed. */
interface LateRecord {
  readonly chain: string;
  readonly seq: number;
  /** The day on which it is dated, such as `2026-11-24`. */
  readonly day: string;
}

export interface DaySeal {
  readonly schema: 1;
  /** The UTC day, such as `2026-11-24`. */
  readonly day: string;
  /** SHA-256 in hex of the public key (DER, SubjectPublicKeyInfo) that signs. */
  readonly key: string;
  /** The RFC 6962 root over `leafText` of all tips, in order of their chains. */
  readonly root: string;
  /** How many chains changed. */
  readonly size: number;
  /** Hash of the seal of the day before; 64 zeros in the first seal. */
  readonly previous: string;
  /** Hashes of the policies that were in force during the day, sorted. */
  readonly policyHashes: readonly string[];
  /** How many records of each type the day added, such as `AUDIT/approve`. */
  readonly counts: Readonly<Record<string, number>>;
  readonly late: readonly LateRecord[];
  /**
   * Records that the archive had and the table did not have so, when the day was sealed. No tip covers
   * them. Absent if all agree; at most `MOST_DISPUTED` are named.
   */
  readonly disputed?: readonly ChainTip[] | undefined;
  /**
   * Hashes of what readings of the day found that the archive could not get, sorted. Absent without any. So a content
   * that was taken away later is told from one that was never there.
   */
  readonly withoutContent?: readonly string[] | undefined;
}

/** The most disputed records that a seal names. */
const MOST_DISPUTED = 1_000;

/** A seal as it is stored: with its signature and what it covers. */
export interface SealedDay {
  readonly seal: DaySeal;
  /** ECDSA P-256 over the SHA-256 of `sealText`, DER in base64: what KMS answers. */
  readonly signature: string;
  /** Sorted by chain. */
  readonly tips: readonly ChainTip[];
}

/** The content of a day's seal. */
export interface DayContent
  extends Pick<DaySeal, "day" | "key" | "policyHashes" | "counts" | "late"> {
  /** One tip for each chain that changed, in any order. */
  readonly tips: readonly ChainTip[];
  readonly disputed?: readonly ChainTip[] | undefined;
  readonly withoutContent?: readonly string[] | undefined;
  /** The seal before; undefined for the first. */
  readonly before: DaySeal | undefined;
}

/** Makes the seal to sign, and the tips in the order of the tree's leaves. */
export function sealOf(content: DayContent): Omit<SealedDay, "signature"> {
  const tips = [...content.tips].sort(byChain);
  const disputed = (content.disputed ?? []).toSorted(byPlace).slice(0, MOST_DISPUTED);
  const withoutContent = [...new Set(content.withoutContent)].sort();
  const seal: DaySeal = {
    schema: 1,
    day: content.day,
    key: content.key,
    root: tipsRoot(tips),
    size: tips.length,
    previous: content.before ? sealHash(content.before) : CHAIN_START,
    policyHashes: [...new Set(content.policyHashes)].sort(),
    counts: content.counts,
    late: [...content.late].sort(byPlace),
    ...(disputed.length === 0 ? {} : { disputed }),
    ...(withoutContent.length === 0 ? {} : { withoutContent }),
  };
  return { seal, tips };
}

/** By code units, so that every machine sorts alike. */
const byChain = (a: Pick<ChainTip, "chain">, b: Pick<ChainTip, "chain">): number => {
  if (a.chain === b.chain) return 0;
  return a.chain < b.chain ? -1 : 1;
};

const byPlace = (a: Pick<ChainTip, "chain" | "seq">, b: Pick<ChainTip, "chain" | "seq">): number =>
  byChain(a, b) || a.seq - b.seq;

/** The text that is signed. */
export const sealText = (seal: DaySeal): string => canonicalJson(seal);

/** The hash by which the next seal names this one, and by which it can be published elsewhere. */
export const sealHash = (seal: DaySeal): string => sha256(sealText(seal));

/** The text of a tip as a leaf of the tree. */
export const leafText = ({ chain, seq, hash }: ChainTip): string =>
  canonicalJson({ chain, seq, hash });

/** @param tips sorted by chain */
export const tipsRoot = (tips: readonly ChainTip[]): string => merkleRoot(texts(tips));

function* texts(tips: readonly ChainTip[]): Generator<string> {
  for (const tip of tips) yield leafText(tip);
}

/** The day of an instant, in UTC. */
export const dayOf = (instant: string): string => instant.slice(0, "2026-11-24".length);

const DAY_MS = 86_400_000;

/** The day after; undefined for what is no day. */
export function dayAfter(day: string): string | undefined {
  const time = /^\d{4}-\d\d-\d\d$/.test(day) ? Date.parse(day) : Number.NaN;
  return Number.isNaN(time) ? undefined : dayOf(new Date(time + DAY_MS).toISOString());
}
