/** One line of the archive: a record of any chain of the audit table, with the chain's name. */
import { canonicalJson } from "../../values/canonical-json.ts";
import type { ChainedRecord } from "../../values/hash-chain.ts";

export interface ArchivedRecord {
  /** `AUDIT#<requestId>`, `EVID#<requestId>`, `FIND#<chain>`, `DELEG#<delegationId>` or `STOP#ALL`. */
  readonly chain: string;
  readonly record: ChainedRecord & {
    readonly type: string;
    /** When it happened or was recorded. ISO 8601 UTC. */
    readonly at: string;
    /** Audit events and records of delegations and stops have one. */
    readonly policyHash?: string;
  };
}

/** RFC 8785, so that the same record is the same line on every read. */
export const archiveLine = ({ chain, record }: ArchivedRecord): string =>
  canonicalJson({ chain, record });

/** The record's kind and type, such as `AUDIT/approve`. */
export const countedType = ({ chain, record }: ArchivedRecord): string =>
  `${chain.slice(0, chain.indexOf("#"))}/${record.type}`;
