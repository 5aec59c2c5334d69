/**
 * An export in OCSF, one event a line. First come findings and CloudTrail's other events, as they
 * were recorded in the time. Then come the audit events with their calls, each confirmed as far as
 * CloudTrail has shown it.
 */
import type { EvidenceRecord } from "../../shared/domain/evidence/evidence-record.ts";
import { type OcsfConfirmation, ocsfMapper } from "../../shared/domain/evidence/ocsf/ocsf.ts";
import type { OcsfEvent } from "../../shared/domain/evidence/ocsf/ocsf-parts.ts";
import { ocsfRecord } from "../../shared/domain/evidence/ocsf/ocsf-records.ts";
import { type AuditEvent, callsIn } from "../../shared/domain/requests/audit-event.ts";
import { isFinal } from "../../shared/domain/requests/lifecycle.ts";
import { earliest, plusSeconds } from "../../shared/domain/values/instant.ts";
import { visibleJson } from "../../shared/domain/values/visible-text.ts";
import type { EvidenceAnswer } from "../../shared/http/contract/answers.ts";
import type { Api } from "../api/api-client.ts";
import { type ExportPage, type ExportStart, exportPages, historyBefore } from "./export-events.ts";
import { recordPages } from "./record-pages.ts";
import type { ExportSoFar, ExportSource } from "./write-export.ts";

/** CloudTrail shows a call in a day, or the call counts as missing. */
const CONFIRMED_WITHIN_SECONDS = 86_400;

const linesOf = (events: readonly OcsfEvent[]) =>
  events.map((event) => `${visibleJson(event)}\n`).join("");

/** @param now ISO 8601 UTC */
export function ocsfSource(
  api: Api,
  soFar: ExportSoFar,
  start: ExportStart,
  now: string,
): ExportSource {
  const confirmations: Confirmations = new Map();
  const mapper = ocsfMapper((id) => confirmations.get(id));
  const textOf = (event: AuditEvent) => linesOf(mapper.map(event));
  return {
    format: { head: "", event: textOf, between: "", tail: () => "" },
    pages: ocsfPages(api, soFar, start, { confirmations, read: textOf, now }),
  };
}

/** By EKS's request id. It grows with the export: about 300 bytes a call, 66 MB for 60,000 grants. */
type Confirmations = Map<string, OcsfConfirmation>;

interface Memory {
  readonly confirmations: Confirmations;
  /** Reads an event that is not written, so that later ones of its request can be mapped. */
  readonly read: (event: AuditEvent) => void;
  readonly now: string;
}

/** The pages of audit events, each when what its mapping needs was read. */
async function* ocsfPages(
  api: Api,
  soFar: ExportSoFar,
  start: ExportStart,
  { confirmations, read, now }: Memory,
): AsyncGenerator<ExportPage> {
  const { from } = soFar.head;
  const recordsTo = await readRecords(api, soFar, confirmations, now);
  // Events after the last record would come without the findings of their time.
  const to = earliest([start.to, recordsTo]) ?? start.to;
  const begun = new Set<string>();
  for await (const page of exportPages(api, { ...start, to })) {
    for (const event of page.events) {
      if (event.seq > 1 && !begun.has(event.requestId))
        for (const before of await historyBefore(api, event)) read(before);
      if (isFinal(event.to)) begun.delete(event.requestId);
      else begun.add(event.requestId);
    }
    const earlier = page.events.filter(({ at }) => at < from);
    await confirmEarlier(api, earlier, recordsTo, confirmations);
    yield { ...page, recordsTo };
  }
}

/**
 * Reads what was recorded from the beginning of the time until a day after its end. Writes what
 * belongs into the export, unless that is done already.
 *
 * @returns up to when the records are complete
 */
async function readRecords(
  api: Api,
  { head: { from, to }, done, write }: ExportSoFar,
  confirmations: Confirmations,
  now: string,
): Promise<string> {
  const latest = earliest([plusSeconds(to, CONFIRMED_WITHIN_SECONDS), now]) ?? now;
  const until = done?.recordsTo ?? latest;
  let readTo = until;
  for await (const page of recordPages(api, { from, to: until })) {
    for (const { record } of page.records) confirm(record as EvidenceRecord, confirmations);
    const within = done ? [] : page.records.filter(({ record }) => record.at < to);
    for (const line of within) await write(linesOf(ocsfRecord(line)));
    readTo = page.to;
  }
  return readTo;
}

/** CloudTrail's id of the event that confirms a call. The record does not say from where it came. */
function confirm({ type, details }: EvidenceRecord, confirmations: Confirmations): void {
  if (type === "confirmed")
    confirmations.set(details.eksRequestId, { eventId: details.eventId, sourceIp: null });
}

/** Calls of before the export's time were confirmed before it: each request's evidence has them. */
async function confirmEarlier(
  api: Api,
  events: readonly AuditEvent[],
  recordsTo: string,
  confirmations: Confirmations,
): Promise<void> {
  const open = events.filter((event) =>
    callsIn(event).some(({ requestId }) => requestId !== null && !confirmations.has(requestId)),
  );
  for (const id of new Set(open.map(({ requestId }) => requestId))) {
    const path = `/v1/requests/${encodeURIComponent(id)}/evidence`;
    const { records } = await api.send<EvidenceAnswer>({ method: "GET", path });
    for (const record of records) if (record.at < recordsTo) confirm(record, confirmations);
  }
}
