/**
 * The stored form of a delegation, in the audit table: items `DELEG#<id>`. They are never changed.
 * Each delegation is a chain of its own, of one or two records.
 */
import type { Surface } from "../requests/surface.ts";
import {
  CHAIN_START,
  type ChainedRecord,
  type HashChainVerifier,
  hashChainVerifier,
  linked,
} from "../values/hash-chain.ts";

interface Made {
  readonly to: string;
  readonly from: string;
  readonly until: string;
  readonly surface: Surface;
  /** As in an audit event: the gateway's request id and the caller's unique id. */
  readonly proof: Readonly<Record<string, string>>;
}

/** The event, with its actor and its time. */
interface Happened {
  readonly delegationId: string;
  /** A person of `access.yaml`. The delegator makes the delegation. */
  readonly actor: string;
  readonly at: string;
  readonly policyHash: string;
}

/** Somebody lets another person approve for them. */
export type MadeRecord = Stored & { readonly type: "delegate"; readonly details: Made };

/** The delegator, the delegate or an admin ended it before its time. */
export type EndRecord = Stored & {
  readonly type: "undelegate";
  readonly details: Pick<Made, "surface" | "proof">;
};

type Stored = Happened & ChainedRecord & { readonly schema: 1 };

export type DelegationRecord = MadeRecord | EndRecord;

/** The first record of a delegation. */
export const madeRecord = (happened: Happened, details: Made): MadeRecord =>
  linked({
    ...happened,
    ...({ schema: 1, seq: 1, previousHash: CHAIN_START, type: "delegate", details } as const),
  });

/** The last record of a delegation. @param before its first */
export const endRecord = (
  happened: Happened,
  details: EndRecord["details"],
  { hash: previousHash }: Pick<MadeRecord, "hash">,
): EndRecord =>
  linked({
    ...happened,
    ...({ schema: 1, seq: 2, previousHash, type: "undelegate", details } as const),
  });

/** Verifies the records of any number of delegations, in any order. Chains are named by their ids. */
export const delegationVerifier = (): HashChainVerifier<DelegationRecord> =>
  hashChainVerifier<DelegationRecord, ChainedRecord>({
    noun: "Delegation record",
    chainOf: ({ delegationId }) => delegationId,
    keep: ({ seq, previousHash, hash }) => ({ seq, previousHash, hash }),
    rule: () => undefined,
  });
