/** A grant at instants of its life, by its events. */
import { describe, expect, it } from "vitest";
import { aFirstStep, anApproval, aStep, STAGING, T0 } from "../../../../lab/fakes/builders.ts";
import type { AuditEvent } from "../../../../shared/domain/requests/audit-event.ts";
import { grantThen } from "../../../../shared/domain/requests/grant-then.ts";
import { plusSeconds } from "../../../../shared/domain/values/instant.ts";

const second = (seconds: number) => plusSeconds(T0, seconds);

/** Approved at 60 s, active at 120 s, ending at 600 s, its end proven by a read at 660 s and stored at 700 s. */
const asked = aFirstStep();
const approved = anApproval(asked.request, second(60));
const active = aStep(approved.request, { type: "activate", at: second(120) });
const ending = aStep(active.request, { type: "return", at: second(600) });
const proof = { hadBegun: true, readAt: second(660), stayed: [], stayedBy: [] };
const over = aStep(ending.request, {
  type: "settle",
  at: second(700),
  details: { calls: [], proof },
});
const STEPS = [asked, approved, active, ending, over];
const EVENTS = STEPS.map(({ event }) => event);
const record = over.request;

const stateAt = (seconds: number, events: readonly AuditEvent[] = EVENTS, of = record) =>
  grantThen(of, events, second(seconds))?.state;

describe("A grant at an instant of the past", () => {
  it.each([
    [59.999, undefined],
    [60, "approved"],
    [119.999, "approved"],
    [120, "active"],
    [599.999, "active"],
    [600, "ending"],
    [659.999, "ending"],
    [660, undefined],
  ] as const)("%d s after it was asked for, it is %s", (seconds, state) => {
    expect(stateAt(seconds)).toBe(state);
  });

  it("It says since when its access was shown, and which read proved its end", () => {
    expect(grantThen(record, EVENTS, second(300))).toMatchObject({
      requester: record.requester,
      principalArn: record.principalArn,
      effectiveAt: second(120),
      goneAt: second(660),
    });
    expect(grantThen(record, EVENTS.slice(0, 3), second(300))).toMatchObject({ goneAt: null });
  });

  it("An end without a proof counts from its event on", () => {
    const settled = aStep(ending.request, { type: "settle", at: second(700) });
    const events = [...EVENTS.slice(0, 4), settled.event];
    expect(stateAt(699, events)).toBe("ending");
    expect(stateAt(700, events)).toBeUndefined();
  });

  it("Before the start that was asked for, nothing is lent", () => {
    const later = aFirstStep({ startsAt: second(300) });
    const events = [later, anApproval(later.request, second(60))].map(({ event }) => event);
    expect(stateAt(299, events, later.request)).toBeUndefined();
    expect(stateAt(300, events, later.request)).toBe("approved");
  });

  it("A pending request, and one that was refused, lend nothing", () => {
    expect(stateAt(30, EVENTS.slice(0, 1))).toBeUndefined();
    const failed = aStep(approved.request, { type: "refuse", at: second(90) });
    const events = [...EVENTS.slice(0, 2), failed.event];
    expect(stateAt(80, events)).toBe("approved");
    expect(stateAt(90, events)).toBeUndefined();
  });
});

describe("A history that others wrote to", () => {
  const forged = { ...over.event, hash: "f".repeat(64) };

  it("An event that does not hold ends nothing: what the grant was from then on is unknown", () => {
    const events = [...EVENTS.slice(0, 3), { ...forged, seq: 4 }];
    expect(stateAt(300, events)).toBe("unknown");
    expect(stateAt(100, events)).toBe("approved");
  });

  it("What was proven before it stays so", () => {
    const events = [...EVENTS, { ...forged, seq: 6 }];
    expect(stateAt(800, events)).toBeUndefined();
    expect(stateAt(300, events)).toBe("active");
  });

  it.each([
    ["without events", record, []],
    ["without its beginning", record, EVENTS.slice(1)],
    ["about another cluster than its record says", { ...record, cluster: STAGING }, EVENTS],
  ] as const)("A grant %s is unknown, with what its record claims", (_, of, events) => {
    expect(grantThen(of, events, second(300))).toMatchObject({
      id: record.id,
      state: "unknown",
      requester: record.requester,
      approvedAt: null,
      goneAt: null,
    });
  });
});
