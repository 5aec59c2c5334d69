/** When a grant gives access, and when it may be extended. */
import { describe, expect, it } from "vitest";
import { aRequest } from "../../../../lab/fakes/builders.ts";
import { isExtendable, isInTime, startOf } from "../../../../shared/domain/requests/grant-time.ts";
import type { State } from "../../../../shared/domain/requests/request.ts";

const BEFORE = "2026-11-24T09:00:00.000Z";
const START = "2026-11-24T10:00:00.000Z";
const LATER = "2026-11-24T11:00:00.000Z";
const END = "2026-11-24T12:00:00.000Z";
const pending = aRequest();
const grant = (more: Partial<typeof pending>) => ({ ...pending, ...more });

describe("The start of a grant", () => {
  it.each([
    [null, null, null],
    [null, LATER, null],
    [START, null, START],
    [START, BEFORE, START],
    [START, START, START],
    [START, LATER, LATER],
  ] as const)(
    "Approved at %s and asked for from %s, it starts at %s",
    (approvedAt, startsAt, starts) => {
      expect(startOf(grant({ approvedAt, startsAt }))).toBe(starts);
    },
  );
});

describe("The time of a grant", () => {
  const inTime = (state: State, now: string, more: object = {}) =>
    isInTime(grant({ state, approvedAt: START, startsAt: LATER, revokeAt: END, ...more }), now);

  it("An approved grant is in time from its start until just before its end", () => {
    expect([BEFORE, START, LATER, END].map((now) => inTime("approved", now))).toEqual([
      ...[false, false, true, false],
    ]);
  });

  it("An active grant has started, whatever a clock says, and ends in the same way", () => {
    expect([BEFORE, START, LATER, END].map((now) => inTime("active", now))).toEqual([
      ...[true, true, true, false],
    ]);
  });

  it("Nothing is in time in any other state, without an approval, or without an end", () => {
    for (const state of ["pending", "ending", "ended", "failed", "cancelled"] as const)
      expect(inTime(state, LATER)).toBe(false);
    expect(inTime("approved", LATER, { approvedAt: null })).toBe(false);
    expect(inTime("approved", LATER, { revokeAt: null })).toBe(false);
    expect(inTime("active", LATER, { revokeAt: null })).toBe(false);
  });
});

describe("An extension of a grant", () => {
  const extendable = (more: object, now = START) =>
    isExtendable(grant({ state: "active", revokeAt: END, ...more }), now);

  it("It may be approved while the grant is active, before its end, and once", () => {
    expect(extendable({})).toBe(true);
    expect(extendable({}, END)).toBe(false);
    expect(extendable({ extendedBy: "another" })).toBe(false);
    expect(extendable({ revokeAt: null })).toBe(false);
    for (const state of ["pending", "approved", "ending", "ended"] as const)
      expect(extendable({ state })).toBe(false);
  });
});
