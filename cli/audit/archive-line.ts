/** Reads one line of the archive, or of an export, as strictly as an event. */
import type { ArchivedRecord } from "../../shared/domain/evidence/archive/archived-record.ts";
import { eventOf, isHash, isInstant, isObject, isText, readObjectLine } from "./event-line.ts";

type Value = Readonly<Record<string, unknown>>;

/** The member that names the chain, by the kind of record. */
const NAMED_BY: Readonly<Record<string, string>> = {
  AUDIT: "requestId",
  EVID: "requestId",
  FIND: "chain",
  DELEG: "delegationId",
  STOP: "chain",
  STANDING: "chain",
};

/** @returns the record with its chain, or a sentence that says why the line is not a record */
export function readArchiveLine(bytes: Buffer): ArchivedRecord | string {
  const value = readObjectLine(bytes);
  if (typeof value === "string") return value;
  if (!Object.hasOwn(value, "record")) {
    const event = eventOf(value);
    return typeof event === "string" ? event : { chain: `AUDIT#${event.requestId}`, record: event };
  }
  const { chain, record, ...others } = value;
  if (!isText(chain) || !isObject(record) || Object.keys(others).length > 0)
    return "This is not a line of the archive: it has to have chain and record, and nothing else.";
  return faultOf(chain, record) ?? { chain, record: record as unknown as ArchivedRecord["record"] };
}

function faultOf(chain: string, record: Value): string | undefined {
  const kind = chain.slice(0, Math.max(0, chain.indexOf("#")));
  const member = Object.hasOwn(NAMED_BY, kind) ? NAMED_BY[kind] : undefined;
  if (member === undefined) return `This is not a line of the archive: ${chain} names no chain.`;
  if (chain !== `${kind}#${record[member]}`)
    return `The record is not of the chain ${chain}: its ${member} differs.`;
  if (kind !== "AUDIT") return chainedFault(record);
  const event = eventOf(record);
  return typeof event === "string" ? event : undefined;
}

const chainedFault = ({ seq, type, at, hash, previousHash }: Value): string | undefined =>
  Number.isSafeInteger(seq) && isText(type) && isInstant(at) && isHash(hash) && isHash(previousHash)
    ? undefined
    : "This is not a record: seq, type, at, hash or previousHash is missing or not valid.";
