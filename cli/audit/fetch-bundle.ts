/** The API's records of one request. */
import type { FindingRecord } from "../../shared/domain/evidence/findings/finding-record.ts";
import { type AuditEvent, callsIn } from "../../shared/domain/requests/audit-event.ts";
import type { CallRecord } from "../../shared/domain/requests/evidence.ts";
import { earliest } from "../../shared/domain/values/instant.ts";
import type {
  EventList,
  EvidenceAnswer,
  RequestAnswer,
} from "../../shared/http/contract/answers.ts";
import type { Api } from "../api/api-client.ts";
import { pages } from "../api/pages.ts";
import { Failure } from "../failures/failure.ts";
import type { BundleContent } from "./bundle-files.ts";
import { recordPages } from "./record-pages.ts";

/** How often a request is read again that changed while it was read. */
const MOST_READS = 5;

/** @throws Failure, also where the request does not stand still */
export async function fetchBundle(
  api: Api,
  id: string,
  now: string,
): Promise<Omit<BundleContent, "seals" | "policies">> {
  const { request, events } = await requestWithEvents(api, id);
  const path = `/v1/requests/${id}/evidence`;
  const found = await api.send<EvidenceAnswer>({ method: "GET", path });
  const findings = await withAcknowledgements(api, found.findings, now);
  const laterCalls = callsBeside(events, found.calls);
  return { request, madeAt: now, events, evidence: found.records, findings, laterCalls };
}

/** The calls that no event has. */
function callsBeside(
  events: readonly AuditEvent[],
  calls: EvidenceAnswer["calls"],
): readonly CallRecord[] {
  const known = new Set(events.flatMap(callsIn).map(({ requestId }) => requestId));
  return calls.flatMap(({ operation, requestId, sessionName, at, result }) =>
    requestId === null || known.has(requestId)
      ? []
      : { operation, requestId, sessionName, at, result },
  );
}

/** The request as its last event left it. */
async function requestWithEvents(
  api: Api,
  id: string,
): Promise<{ readonly request: RequestAnswer; readonly events: readonly AuditEvent[] }> {
  const path = `/v1/requests/${id}`;
  for (let read = 0; read < MOST_READS; read += 1) {
    const events: AuditEvent[] = [];
    for await (const page of pages<EventList>(api, `${path}/events`)) events.push(...page.events);
    const request = await api.send<RequestAnswer>({ method: "GET", path });
    if (request.version === events.length) return { request, events };
  }
  throw new Failure("conflict", "request-changing", {
    what: `Request ${id} changed each time that it was read.`,
    notDone: "Nothing was written.",
    next: ["Next: run it again in a minute."],
  });
}

/** The findings of a request with their acknowledgements, which are records of the same chains. */
async function withAcknowledgements(
  api: Api,
  findings: readonly FindingRecord[],
  now: string,
): Promise<readonly FindingRecord[]> {
  const from = earliest(findings.map(({ at }) => at));
  if (from === undefined) return [];
  const ids = new Set(findings.flatMap(idOf));
  const found: FindingRecord[] = [...findings];
  for await (const page of recordPages(api, { from, to: now }))
    for (const { chain, record } of page.records)
      if (chain.startsWith("FIND#") && isAcknowledgement(record as FindingRecord, ids))
        found.push(record as FindingRecord);
  return found.sort((a, b) => (a.chain === b.chain ? a.seq - b.seq : a.chain < b.chain ? -1 : 1));
}

const idOf = ({ type, details }: FindingRecord): readonly string[] =>
  type === "finding" ? [details.findingId] : [];

const isAcknowledgement = ({ type, details }: FindingRecord, ids: ReadonlySet<string>): boolean =>
  type === "acknowledgement" && ids.has(details.findingId);
