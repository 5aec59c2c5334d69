/** How late the access of a reported request went, by its history so far. */
import { expect, it } from "vitest";
import { aFirstStep, aStep, T0 } from "../../../../../lab/fakes/builders.ts";
import {
  populationBuilder,
  secondsLate,
} from "../../../../../shared/domain/evidence/report/population.ts";
import { plusSeconds } from "../../../../../shared/domain/values/instant.ts";

const END = { revokeAt: plusSeconds(T0, 1_680), expiresAt: plusSeconds(T0, 1_800) };
const CALLS = { calls: [] };

const ASKED = aFirstStep();
const APPROVED = aStep(ASKED.request, {
  type: "approve",
  actor: "policy:payments",
  at: T0,
  details: END,
  changes: END,
});
const ACTIVE = aStep(APPROVED.request, {
  type: "activate",
  at: plusSeconds(T0, 10),
  details: { ...CALLS, authenticationMode: "API" },
});
const ENDING = aStep(ACTIVE.request, {
  type: "expire",
  at: plusSeconds(T0, 1_680),
  details: CALLS,
});
const endedAt = (seconds: number) =>
  aStep(ENDING.request, { type: "settle", at: plusSeconds(T0, seconds), details: CALLS });

/** By how much it is late 100 seconds after its bound, where these steps were taken by then. */
function late(...steps: readonly ReturnType<typeof aStep>[]): number {
  const population = populationBuilder();
  for (const { event } of [ASKED, ...steps]) population.add(event);
  const [row] = population.requests();
  if (!row) throw new Error("The request is not in the population.");
  return secondsLate(row, plusSeconds(T0, 1_900));
}

it("Access that nobody has seen gone is late until now, whether or not its removal has begun", () => {
  expect(late(APPROVED, ACTIVE)).toBe(100);
  expect(late(APPROVED, ACTIVE, ENDING)).toBe(100);
});

it("Access that was seen gone is late by its proven end, and not late before its bound", () => {
  expect(late(APPROVED, ACTIVE, ENDING, endedAt(1_860))).toBe(60);
  expect(late(APPROVED, ACTIVE, ENDING, endedAt(1_700))).toBe(0);
});

it("A request whose access never was there is not late", () => {
  expect(late(APPROVED)).toBe(0);
});

it("A request that the policy refused by its ticket was not granted by the policy", () => {
  const refused = aStep(ASKED.request, {
    type: "deny",
    actor: "policy:payments",
    at: T0,
    details: { code: "ticket-closed", readAt: T0 },
  });
  const population = populationBuilder();
  for (const { event } of [ASKED, refused]) population.add(event);
  expect(population.requests()).toMatchObject([
    { state: "denied", byPolicy: false, decisions: [] },
  ]);
});
