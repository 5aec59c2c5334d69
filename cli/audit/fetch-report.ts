/** Reads everything for a report from the API, a page at a time, and keeps what the report needs. */
import { type AuditReport, auditReport } from "../../shared/domain/evidence/report/audit-report.ts";
import { evidenceTally } from "../../shared/domain/evidence/report/evidence-tally.ts";
import { policiesSeen } from "../../shared/domain/evidence/report/policies-seen.ts";
import {
  populationBuilder,
  type ReportedRequest,
} from "../../shared/domain/evidence/report/population.ts";
import type { TrailEvent } from "../../shared/domain/evidence/trail/trail-event.ts";
import type { Api } from "../api/api-client.ts";
import { requestIfKept } from "../api/everyone.ts";
import { exportPages } from "./export-events.ts";
import { recordPages } from "./record-pages.ts";

/** How much was read so far. */
export interface Progress {
  readonly events: number;
  readonly records: number;
}

interface Wanted {
  readonly from: string;
  readonly to: string;
  readonly now: string;
  /** Events of CloudTrail's own files. */
  readonly trail?: readonly TrailEvent[];
}

/**
 * Evidence is read up to now, since CloudTrail, and people who acknowledge, come later than the
 * calls of the period.
 *
 * @param progress called after every page
 */
export async function fetchReport(
  api: Api,
  { from, to, now, trail }: Wanted,
  progress: (soFar: Progress) => void,
): Promise<AuditReport> {
  const population = populationBuilder();
  const policies = policiesSeen(from);
  const tally = evidenceTally();
  let read: Progress = { events: 0, records: 0 };
  let completeTo = to;
  for await (const page of exportPages(api, { from, to, known: new Set() })) {
    for (const event of page.events) {
      population.add(event);
      policies.add(event);
    }
    completeTo = page.to;
    read = { ...read, events: read.events + page.events.length };
    progress(read);
  }
  for await (const { records } of recordPages(api, { from, to: now })) {
    for (const one of records) tally.add(one);
    read = { ...read, records: read.records + records.length };
    progress(read);
  }
  const requests = population.requests();
  const breakGlass = await breakGlassRules(api, requests);
  const goneSince = await goneAfter(api, requests);
  const period = { from, to: completeTo, madeAt: now };
  const report = auditReport(period, requests, tally, breakGlass, {
    ...(trail ? { trail } : {}),
    goneSince,
    policies: policies.all(),
  });
  const unreadable = [...population.unread(), ...tally.unread()];
  return unreadable.length === 0 ? report : { ...report, unreadable };
}

/** When the access of grants was gone that had not ended with the period. */
async function goneAfter(
  api: Api,
  requests: readonly ReportedRequest[],
): Promise<ReadonlyMap<string, string>> {
  const gone = new Map<string, string>();
  for (const { requestId, activeAt, endedAt } of requests) {
    if (activeAt === null || endedAt !== null) continue;
    const found = await requestIfKept(api, requestId);
    if (found?.endedAt) gone.set(requestId, found.endedAt);
  }
  return gone;
}

/** Whether a rule is break-glass stands in requests, and in no event. One of each rule is asked for. */
async function breakGlassRules(
  api: Api,
  requests: readonly ReportedRequest[],
): Promise<(request: ReportedRequest) => boolean | null> {
  const kindOf = ({ rule, policyHash }: ReportedRequest) => `${policyHash} ${rule}`;
  const kinds = Map.groupBy(
    requests.filter(({ byPolicy }) => byPolicy),
    kindOf,
  );
  const known = new Map<string, boolean | null>();
  for (const [kind, [first]] of kinds)
    if (first) known.set(kind, await isBreakGlass(api, first.requestId));
  // A break-glass rule needs no approval, so what people approved is under none.
  return (request) => (request.byPolicy ? (known.get(kindOf(request)) ?? null) : false);
}

const isBreakGlass = async (api: Api, id: string): Promise<boolean | null> =>
  (await requestIfKept(api, id))?.breakGlass ?? null;
