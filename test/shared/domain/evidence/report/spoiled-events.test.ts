/** An event in a period that functions which face people put behind a request's history, in any form. */
import { expect, it } from "vitest";
import { aFirstStep } from "../../../../../lab/fakes/builders.ts";
import type { FoundRecord } from "../../../../../shared/domain/evidence/findings/finding-record.ts";
import { auditReport } from "../../../../../shared/domain/evidence/report/audit-report.ts";
import { evidenceTally } from "../../../../../shared/domain/evidence/report/evidence-tally.ts";
import { populationBuilder } from "../../../../../shared/domain/evidence/report/population.ts";
import type { AuditEvent } from "../../../../../shared/domain/requests/audit-event.ts";
import { aFinding } from "../finding-samples.ts";

const PERIOD = {
  from: "2026-11-01T00:00:00.000Z",
  to: "2026-12-01T00:00:00.000Z",
  madeAt: "2026-12-01T00:00:00.000Z",
};

it.each([
  ["no details", { type: "evidence", details: null }],
  ["calls that are no list", { type: "evidence", details: { calls: 7 } }],
  ["no access of its request", { type: "request", details: {} }],
])("A report of the period is still made where an event has %s", (_, spoiled) => {
  const population = populationBuilder();
  const { event, request } = aFirstStep();
  population.add(event);
  const forged = { ...event, seq: 2, requestId: request.id, ...spoiled } as unknown as AuditEvent;
  population.add(forged);
  expect(population.requests()).toHaveLength(1);
});

it.each<[string, object]>([
  ["no requests", { requestIds: undefined }],
  ["requests that are no list", { requestIds: 7 }],
  ["no event", { event: null }],
  ["an event without a caller", { event: { eventTime: "2026-11-24T10:00:00.000Z" } }],
])("The same where a finding has %s, and the report says so", (_, spoiled) => {
  const tally = evidenceTally();
  const sound = aFinding();
  const details = { ...sound.details, findingId: "forged", ...spoiled };
  const forged = { ...sound, seq: 2, details } as unknown as FoundRecord;
  for (const record of [sound, forged]) tally.add({ chain: `FIND#${sound.chain}`, record });
  const report = auditReport(PERIOD, [], tally, () => null);
  expect(report.findings.map(({ findingId }) => findingId)).toEqual([sound.details.findingId]);
  expect(tally.unread()).toEqual([
    `Record 2 of FIND#${sound.chain} is not in this report: Timelatch writes none of its form.`,
  ]);
});
