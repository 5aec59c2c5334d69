/** One line of the archive: a record of any chain of the audit table, with the chain's name. */
import { canonicalJson } from "../../values/canonical-json.ts";
import type { ChainedRecord } from "../../values/hash-chain.ts";

export interface ArchivedRecord {
  /** `AUDIT#<requestId>`, `EVID#<requestId>`, `FIND#<chain>`, `DELEG#<delegationId>`, `STOP#ALL` or `STANDING#<cluster ARN>`. */
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

/** The kinds of chains that the audit table has. */
const CHAIN = /^(AUDIT|EVID|FIND|DELEG|STOP|STANDING)#/;
/** The most that a key of DynamoDB may have, in bytes of UTF-8. */
const CHAIN_BYTES = 2_048;
/** The most that a UTF-16 code unit takes. The chains that the broker makes are far shorter. */
const BYTES_A_UNIT = 3;
/** No chain ever has as many records. */
const LAST_SEQ = 1e9;

/** Reads one line of the archive, which somebody else may have put there; undefined for what is no record. */
export function archivedRecordIn(line: string): ArchivedRecord | undefined {
  const { chain, record } = membersOf(parsed(line));
  const { seq, at, type, hash, previousHash } = membersOf(record);
  const texts = [at, type, hash, previousHash].every((one) => typeof one === "string");
  const isPlace = Number.isInteger(seq) && Number(seq) > 0 && Number(seq) < LAST_SEQ;
  return texts && isPlace && isChain(chain)
    ? { chain, record: record as ArchivedRecord["record"] }
    : undefined;
}

const isChain = (chain: unknown): chain is string =>
  typeof chain === "string" && CHAIN.test(chain) && chain.length * BYTES_A_UNIT <= CHAIN_BYTES;

const membersOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : {};

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
