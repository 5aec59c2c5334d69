import type { ArchivedRecord } from "../../../domain/evidence/archive/archived-record.ts";
import type { AuditEvent } from "../../../domain/requests/audit-event.ts";
import { type ChainedRecord, NO_RECORD } from "../../../domain/values/hash-chain.ts";
import {
  delegationPk,
  evidencePk,
  findingPk,
  readingPk,
  STOPS_PK,
} from "../evidence/record-keys.ts";
import { auditPk, padded } from "../keys.ts";
import type { Item } from "../query-items.ts";

/** The highest number that counts. No chain ever has as many records. */
const LAST_SEQ = 1e9;

/**
 * The record of an item of the audit table: under `event` in a request's history, under `record`
 * elsewhere. Several functions may put items there, so one of them may be no record, or stand in
 * another place than its own. Such an item counts for nothing: it would otherwise stop whoever reads.
 *
 * @returns undefined where it is no record in its place
 */
function storedRecord<Kind>(item: Item, member: "event" | "record"): Kind | undefined {
  const record: unknown = item[member];
  if (typeof record !== "object" || record === null) return undefined;
  const { seq, at, type, hash, previousHash } = record as Readonly<Record<string, unknown>>;
  const texts = [at, type, hash, previousHash].every((one) => typeof one === "string");
  const isPlace = Number.isInteger(seq) && Number(seq) > 0 && Number(seq) < LAST_SEQ;
  return texts && isPlace && item["sk"] === padded(Number(seq)) ? (record as Kind) : undefined;
}

/** An event of a request, in its place in the request's own chain; undefined for any other item. */
export function storedEvent(item: Item): AuditEvent | undefined {
  const event = storedRecord<AuditEvent>(item, "event");
  return event && item["pk"] === auditPk(event.requestId) ? event : undefined;
}

/** Chains of records beside the events: of evidence, findings, delegations, stops and readings. */
const RECORD_CHAINS = [evidencePk(""), findingPk(""), delegationPk(""), STOPS_PK, readingPk("")];

/** A record in its place in a chain that has records; undefined for any other item. */
export function storedInChain(item: Item): ArchivedRecord | undefined {
  const chain = String(item["pk"]);
  const record = storedRecord<ArchivedRecord["record"]>(item, "record");
  return record && RECORD_CHAINS.some((one) => chain.startsWith(one))
    ? { chain, record }
    : undefined;
}

/**
 * A record of evidence or of a finding. `api` may put acknowledgements into chains of findings, and so
 * anything.
 */
export function chainRecord<Kind>(item: Item): Kind | undefined {
  const record = storedRecord<{ readonly details?: unknown }>(item, "record");
  const isWhole = typeof record?.details === "object" && record.details !== null;
  return isWhole ? (record as Kind) : undefined;
}

/**
 * The last linked record of a chain, counted so that the next one has the first free place behind it.
 *
 * @param items all of the chain's partition
 */
export function freeEnd(items: readonly Item[]): Pick<ChainedRecord, "seq" | "hash"> {
  const taken = new Set(items.map(({ sk }) => sk));
  const records = items.flatMap((item) => chainRecord<ChainedRecord>(item) ?? []);
  let head: Pick<ChainedRecord, "seq" | "hash"> = NO_RECORD;
  for (const record of records.sort((a, b) => a.seq - b.seq))
    if (record.previousHash === head.hash) head = record;
  let { seq } = head;
  while (taken.has(padded(seq + 1))) seq += 1;
  return { seq, hash: head.hash };
}
