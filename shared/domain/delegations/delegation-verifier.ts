import {
  type ChainedRecord,
  type HashChainVerifier,
  hashChainVerifier,
} from "../values/hash-chain.ts";
import type { DelegationRecord } from "./delegation-record.ts";

/** Verifies the records of any number of delegations, in any order. Chains are named by their ids. */
export const delegationVerifier = (): HashChainVerifier<DelegationRecord> =>
  hashChainVerifier<DelegationRecord, ChainedRecord>({
    noun: "Delegation record",
    chainOf: ({ delegationId }) => delegationId,
    keep: ({ seq, previousHash, hash }) => ({ seq, previousHash, hash }),
    rule: () => undefined,
  });
