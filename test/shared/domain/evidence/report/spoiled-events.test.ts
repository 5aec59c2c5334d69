/** An event in a period that functions which face people put behind a request's history, in any form. */
import { expect, it } from "vitest";
import { aFirstStep } from "../../../../../lab/fakes/builders.ts";
import { populationBuilder } from "../../../../../shared/domain/evidence/report/population.ts";
import type { AuditEvent } from "../../../../../shared/domain/requests/audit-event.ts";

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
