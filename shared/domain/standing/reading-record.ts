/** The chain of a cluster's readings. The rules are those of every chain: `values/hash-chain.ts`. */
import {
  type ChainedRecord,
  type HashChainVerifier,
  hashChainVerifier,
  linked,
  NO_RECORD,
} from "../values/hash-chain.ts";
import { isReadingDetails, type ReadingDetails } from "./reading.ts";

/** One complete reading. `chain` is the cluster's ARN. */
export type ReadingRecord = ChainedRecord & {
  readonly schema: 1;
  readonly chain: string;
  readonly type: "reading";
  /** When the reading was complete. ISO 8601 UTC. */
  readonly at: string;
  readonly details: ReadingDetails;
};

/** The record of a reading, after the last one. */
export const nextReading = (
  head: Pick<ChainedRecord, "seq" | "hash"> = NO_RECORD,
  clusterArn: string,
  details: ReadingDetails,
): ReadingRecord =>
  linked({
    schema: 1 as const,
    chain: clusterArn,
    type: "reading" as const,
    at: details.completedAt,
    details,
    seq: head.seq + 1,
    previousHash: head.hash,
  });

/** Verifies the readings of any number of clusters, in any order: also that none is dated back. */
export const readingVerifier = (): HashChainVerifier<ReadingRecord> =>
  hashChainVerifier<ReadingRecord, Kept>({
    noun: "Reading",
    chainOf: ({ chain }) => chain,
    keep: ({ seq, previousHash, hash, at, details }) => ({
      seq,
      previousHash,
      hash,
      at,
      isSound: isReadingDetails(details) && details.completedAt === at,
    }),
    rule: (before, { seq, at, isSound }) => {
      if (!isSound)
        return {
          fault: "order",
          detail: `Reading ${seq} does not say of whom, of when and of what it is.`,
        };
      return before && at < before.at
        ? { fault: "time", detail: `Reading ${seq} is dated before the one before it.` }
        : undefined;
    },
  });

type Kept = ChainedRecord & { readonly at: string; readonly isSound: boolean };
