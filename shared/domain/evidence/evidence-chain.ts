/**
 * The chains of evidence and findings. Evidence is chained by request, findings by cluster and month.
 * The rules are those of the audit chain: `values/hash-chain.ts`.
 */
import {
  CHAIN_START,
  type ChainedRecord,
  type HashChainVerifier,
  hashChainVerifier,
  linked,
} from "../values/hash-chain.ts";
import type { EvidenceDraft, EvidenceRecord } from "./evidence-record.ts";
import type { FindingDraft, FindingRecord } from "./findings/finding-record.ts";

/** A chain's last record, as far as the next one needs it; undefined for an empty chain. */
export type ChainHead = Pick<ChainedRecord, "seq" | "hash"> | undefined;

/** The request's next record of evidence. */
export const nextEvidence = (head: ChainHead, draft: EvidenceDraft): EvidenceRecord =>
  placed(head, draft);

/** The next record of a chain of findings. */
export const nextFinding = (head: ChainHead, draft: FindingDraft): FindingRecord =>
  placed(head, draft);

const placed = <Draft extends object>(head: ChainHead, draft: Draft) =>
  linked({
    ...draft,
    schema: 1 as const,
    seq: (head?.seq ?? 0) + 1,
    previousHash: head?.hash ?? CHAIN_START,
  });

/** Verifies the evidence of any number of requests, in any order. Chains are named by request id. */
export const evidenceVerifier = (): HashChainVerifier<EvidenceRecord> =>
  hashChainVerifier<EvidenceRecord, ChainedRecord>({
    noun: "Evidence record",
    chainOf: ({ requestId }) => requestId,
    keep,
    rule: () => undefined,
  });

/** Verifies any number of chains of findings, in any order. */
export const findingVerifier = (): HashChainVerifier<FindingRecord> =>
  hashChainVerifier<FindingRecord, ChainedRecord>({
    noun: "Finding record",
    chainOf: ({ chain }) => chain,
    keep,
    rule: () => undefined,
  });

const keep = ({ seq, previousHash, hash }: ChainedRecord): ChainedRecord => ({
  seq,
  previousHash,
  hash,
});
