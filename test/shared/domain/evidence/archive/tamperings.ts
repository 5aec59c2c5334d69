/** Attacks on a sealed history by somebody who can write every file, but has no key. */

import {
  type SealedDay,
  sealText,
  tipsRoot,
} from "../../../../../shared/domain/evidence/archive/seal.ts";
import { nextEvidence } from "../../../../../shared/domain/evidence/evidence-chain.ts";
import type {
  EvidenceDraft,
  EvidenceRecord,
} from "../../../../../shared/domain/evidence/evidence-record.ts";
import { linked } from "../../../../../shared/domain/values/hash-chain.ts";
import { chainOf, DAYS, type History, REQUESTS, type Signer, sealAll } from "./sealed-history.ts";

/** A tampered history, and where the first fault must point: to a day's seal, or to a record. */
export interface Tampered {
  readonly history: History;
  readonly days?: readonly string[];
  readonly record?: { readonly chain: string; readonly seq: number };
}

export type Choose = <T>(from: readonly T[]) => T;

type Tampering = (history: History, choose: Choose, mallory: Signer) => Tampered;

const edited = (record: EvidenceRecord): EvidenceRecord =>
  ({ ...record, details: { ...record.details, calledAt: "2026-11-24T08:00:00.000Z" } }) as never;

const rehashed = ({ hash: _, ...body }: EvidenceRecord): EvidenceRecord => linked(body) as never;

const draftOf = ({ type, requestId, at, details }: EvidenceRecord): EvidenceDraft =>
  ({ type, requestId, at, details }) as EvidenceDraft;

/** The records numbered and linked again, as if they had always been so. */
function rechained(records: readonly EvidenceRecord[]): readonly EvidenceRecord[] {
  const chain: EvidenceRecord[] = [];
  for (const record of records) chain.push(nextEvidence(chain.at(-1), draftOf(record)));
  return chain;
}

/** Changes one chain at a random record. @param change the records, and the index of that record */
const inChain =
  (
    change: (chain: readonly EvidenceRecord[], at: number) => readonly EvidenceRecord[],
    least = 0,
  ): Tampering =>
  ({ records, days }, choose) => {
    const requestId = choose(REQUESTS);
    const chain = records.filter((record) => record.requestId === requestId);
    const others = records.filter((record) => record.requestId !== requestId);
    const at = choose([...chain.keys()].filter((index) => index >= least));
    return {
      history: { records: [...change(chain, at), ...others], days },
      record: { chain: `EVID#${requestId}`, seq: at + 1 },
    };
  };

const without = <T>(list: readonly T[], at: number) => list.toSpliced(at, 1);

const swapped = (chain: readonly EvidenceRecord[], at: number): readonly EvidenceRecord[] => {
  const [one, two] = [chain[at - 1], chain[at]];
  return one && two
    ? chain.toSpliced(at - 1, 2, { ...two, seq: one.seq }, { ...one, seq: two.seq })
    : chain;
};

const RECORDS: Readonly<Record<string, Tampering>> = {
  edit: inChain((chain, at) => chain.with(at, edited(chain[at] as EvidenceRecord))),
  "edit and hash": inChain((chain, at) =>
    chain.with(at, rehashed(edited(chain[at] as EvidenceRecord))),
  ),
  "edit and re-chain": inChain((chain, at) =>
    rechained(chain.with(at, edited(chain[at] as EvidenceRecord))),
  ),
  delete: inChain(without),
  "delete and re-chain": inChain((chain, at) => rechained(without(chain, at))),
  swap: ({ records, days }, choose, mallory) => {
    const tampered = inChain(swapped, 1)({ records, days }, choose, mallory);
    const { chain = "", seq = 0 } = tampered.record ?? {};
    return { ...tampered, record: { chain, seq: seq - 1 } };
  },
  "swap and re-chain": ({ records, days }, choose, mallory) => {
    const change = (chain: readonly EvidenceRecord[], at: number) => rechained(swapped(chain, at));
    const tampered = inChain(change, 1)({ records, days }, choose, mallory);
    const { chain = "", seq = 0 } = tampered.record ?? {};
    return { ...tampered, record: { chain, seq: seq - 1 } };
  },
  repeat: inChain((chain, at) => chain.toSpliced(at, 0, chain[at] as EvidenceRecord)),
  insert: inChain((chain, at) => chain.toSpliced(at, 0, edited(chain[at] as EvidenceRecord))),
  "insert and re-chain": inChain((chain, at) =>
    rechained(chain.toSpliced(at, 0, edited(chain[at] as EvidenceRecord))),
  ),
  truncate: inChain((chain, at) => chain.slice(0, at)),
  append: ({ records, days }, choose) => {
    const last = choose(REQUESTS.map((id) => records.findLast((each) => each.requestId === id)));
    if (!last) throw new Error("A chain is empty.");
    const more = nextEvidence(last, draftOf(edited(last)));
    const record = { chain: chainOf(last), seq: more.seq };
    return { history: { records: [...records, more], days }, record };
  },
  "add a request": ({ records, days }, choose) => {
    const draft = { ...draftOf(choose(records)), requestId: "forged" };
    const record = { chain: "EVID#forged", seq: 1 };
    return { history: { records: [...records, nextEvidence(undefined, draft)], days }, record };
  },
};

/** Changes one day's seal. */
const inDay =
  (change: (day: SealedDay, choose: Choose, mallory: Signer) => SealedDay): Tampering =>
  ({ records, days }, choose, mallory) => {
    const at = choose([...days.keys()]);
    const day = days[at] as SealedDay;
    const history = { records, days: days.with(at, change(day, choose, mallory)) };
    return { history, days: [day.seal.day] };
  };

const signedBy = ({ seal, tips }: SealedDay, mallory: Signer): SealedDay => ({
  seal,
  tips,
  signature: mallory.sign(sealText(seal)),
});

const resealed = (day: SealedDay, choose: Choose): SealedDay => {
  const at = choose([...day.tips.keys()]);
  const tip = day.tips[at];
  const tips = tip ? day.tips.with(at, { ...tip, hash: "f".repeat(64) }) : day.tips;
  return { ...day, tips, seal: { ...day.seal, root: tipsRoot(tips) } };
};

const SEALS: Readonly<Record<string, Tampering>> = {
  "edit a seal": inDay((day, choose) => {
    const seal = choose([
      { ...day.seal, counts: {} },
      { ...day.seal, policyHashes: [] },
      { ...day.seal, previous: "e".repeat(64) },
      { ...day.seal, late: [{ chain: "EVID#r1", seq: 1, day: DAYS[0] }] },
      { ...day.seal, size: day.seal.size + 1 },
    ]);
    return { ...day, seal };
  }),
  "edit a tip": inDay((day, choose) => ({ ...day, tips: resealed(day, choose).tips })),
  "leave a tip out": inDay((day, choose) => ({
    ...day,
    tips: without(day.tips, choose([...day.tips.keys()])),
  })),
  "reorder tips": inDay((day) => ({ ...day, tips: [...day.tips].reverse() })),
  "seal again without a key": inDay(resealed),
  "seal by another key": inDay((day, choose, mallory) =>
    signedBy(
      choose([
        resealed(day, choose),
        day,
        { ...day, seal: { ...day.seal, key: mallory.fingerprint } },
      ]),
      mallory,
    ),
  ),
  "edit a signature": inDay((day) => ({
    ...day,
    signature: day.signature.replace(/^./, (char) => (char === "M" ? "N" : "M")).slice(0, -4),
  })),
  "leave a day out": ({ records, days }, choose) => {
    const at = choose([...days.keys()]);
    return { history: { records, days: without(days, at) }, days: [DAYS[at] ?? ""] };
  },
  "repeat a day": ({ records, days }, choose) => {
    const at = choose([...days.keys()]);
    const day = days[at] as SealedDay;
    return { history: { records, days: days.toSpliced(at, 0, day) }, days: [day.seal.day] };
  },
  "reorder seals": ({ records, days }, choose) => {
    const at = choose([1, 2]);
    const [one, two] = [days[at - 1] as SealedDay, days[at] as SealedDay];
    const history = { records, days: days.toSpliced(at - 1, 2, two, one) };
    return { history, days: [one.seal.day, two.seal.day] };
  },
  "seal everything by another key": ({ records }, choose, mallory) => {
    const at = choose([...records.keys()]);
    const changed = rechained(
      records.filter(({ requestId }) => requestId === records[at]?.requestId).map(edited),
    );
    const others = records.filter(({ requestId }) => requestId !== changed[0]?.requestId);
    const forged = [...changed, ...others];
    return { history: { records: forged, days: sealAll(forged, mallory) }, days: [DAYS[0]] };
  },
};

export const TAMPERINGS: Readonly<Record<string, Tampering>> = { ...RECORDS, ...SEALS };
