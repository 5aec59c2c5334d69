/** Three sealed days of evidence, and the whole verification of them. */
import {
  createHash,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from "node:crypto";
import {
  type ChainTip,
  dayOf,
  type SealedDay,
  sealOf,
  sealText,
} from "../../../../../shared/domain/evidence/archive/seal.ts";
import { sealRecordVerifier } from "../../../../../shared/domain/evidence/archive/seal-records.ts";
import {
  type SealKey,
  verifySeals,
} from "../../../../../shared/domain/evidence/archive/seal-verify.ts";
import {
  evidenceVerifier,
  nextEvidence,
} from "../../../../../shared/domain/evidence/evidence-chain.ts";
import type { EvidenceRecord } from "../../../../../shared/domain/evidence/evidence-record.ts";

export interface Signer extends SealKey {
  readonly sign: (text: string) => string;
}

/** A key like KMS's ECC_NIST_P256. A signature that was verified once is not verified again. */
export function aSigner(): Signer {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const publicKey: KeyObject = createPublicKey(privateKey);
  const spki = publicKey.export({ type: "spki", format: "der" });
  const known = new Map<string, boolean>();
  return {
    fingerprint: createHash("sha256").update(spki).digest("hex"),
    sign: (text) => sign("sha256", Buffer.from(text), privateKey).toString("base64"),
    verifySignature(text, signature) {
      const holds =
        known.get(text + signature) ??
        verify("sha256", Buffer.from(text), publicKey, Buffer.from(signature, "base64"));
      known.set(text + signature, holds);
      return holds;
    },
  };
}

export interface History {
  readonly records: readonly EvidenceRecord[];
  readonly days: readonly SealedDay[];
}

export const DAYS = ["2026-11-24", "2026-11-25", "2026-11-26"] as const;
export const REQUESTS = ["r1", "r2", "r3"] as const;

/** Days on which each record of a request is dated. */
const DATED: Readonly<Record<(typeof REQUESTS)[number], readonly number[]>> = {
  r1: [0, 0, 1, 1, 2],
  r2: [0, 2, 2, 2],
  r3: [1, 1],
};

function recordsOf(requestId: (typeof REQUESTS)[number]): readonly EvidenceRecord[] {
  const chain: EvidenceRecord[] = [];
  for (const [at, day] of DATED[requestId].entries())
    chain.push(
      nextEvidence(chain.at(-1), {
        type: "missing",
        requestId,
        at: `${DAYS[day]}T10:0${at}:00.000Z`,
        details: { eksRequestId: `${requestId}-${at}`, calledAt: `${DAYS[day]}T09:00:00.000Z` },
      }),
    );
  return chain;
}

export const chainOf = ({ requestId }: Pick<EvidenceRecord, "requestId">) => `EVID#${requestId}`;

/** The last record of each chain that is dated on the day. */
function tipsOf(records: readonly EvidenceRecord[], day: string): readonly ChainTip[] {
  const tips = new Map<string, ChainTip>();
  for (const record of records)
    if (dayOf(record.at) === day)
      tips.set(chainOf(record), { chain: chainOf(record), seq: record.seq, hash: record.hash });
  return [...tips.values()];
}

/** Seals the days of the records one after the other. */
export function sealAll(records: readonly EvidenceRecord[], signer: Signer): readonly SealedDay[] {
  const sealed: SealedDay[] = [];
  for (const day of DAYS) {
    const { seal, tips } = sealOf({
      day,
      key: signer.fingerprint,
      tips: tipsOf(records, day),
      before: sealed.at(-1)?.seal,
      policyHashes: ["p".repeat(64)],
      counts: { "EVID/missing": records.filter(({ at }) => dayOf(at) === day).length },
      late: [],
    });
    sealed.push({ seal, tips, signature: signer.sign(sealText(seal)) });
  }
  return sealed;
}

export function aHistory(signer: Signer): History {
  const records = REQUESTS.flatMap(recordsOf);
  return { records, days: sealAll(records, signer) };
}

/** A fault as a reader meets it: a day for a seal; a chain and a range of records otherwise. */
export interface Named {
  readonly fault: string;
  readonly day?: string;
  readonly chain?: string;
  readonly after?: number;
  readonly seq?: number;
  readonly detail: string;
}

/** Everything that is at fault, in the order in which it is to be read. */
export function faultsIn({ records, days }: History, key: SealKey): readonly Named[] {
  const until = DAYS[2];
  const { faults, tips } = verifySeals(days, key, { from: DAYS[0], until });
  if (faults.length > 0) return faults;
  const chains = evidenceVerifier();
  const seals = sealRecordVerifier(tips, { until });
  const found: Named[] = [];
  for (const record of records) {
    const { seq, hash, at } = record;
    const fault = seals.add({ chain: chainOf(record), seq, hash, at });
    if (fault) found.push(fault);
    const broken = chains.add(record);
    if (broken) found.push({ ...broken, chain: `EVID#${broken.chain}` });
  }
  const gaps = chains.end().map((gap) => ({ ...gap, chain: `EVID#${gap.chain}` }));
  return [...found, ...gaps, ...seals.end()];
}
