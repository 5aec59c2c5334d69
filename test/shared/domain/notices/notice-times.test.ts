/** Times at which messages change without a step, and messages that wait for the next step. */
import { describe, expect, it } from "vitest";
import { aRequest, T0 } from "../../../../lab/fakes/builders.ts";
import {
  activeSoon,
  endsSoon,
  isWarnedAt,
  proofDue,
  shownOf,
} from "../../../../shared/domain/notices/notice-times.ts";
import type { AccessRequest } from "../../../../shared/domain/requests/request.ts";
import { plusSeconds } from "../../../../shared/domain/values/instant.ts";

const at = (seconds: number) => plusSeconds(T0, seconds);
const END = at(3_600);
const EXPIRED = { code: "expired", detail: "Its time was over." };
const grant = (more: Partial<AccessRequest> = {}): AccessRequest => ({
  ...aRequest(),
  state: "ending",
  outcome: EXPIRED,
  approvedAt: T0,
  effectiveAt: T0,
  revokeAt: END,
  ...more,
});

describe("When the requester hears that access ends soon", () => {
  it.each([
    [86_400, 600],
    [3_000, 600],
    [2_999, 599],
    [300, 60],
  ])("For a grant of %s s, %s s before its end", (durationSeconds, before) => {
    expect(endsSoon(grant({ durationSeconds }))).toBe(plusSeconds(END, -before));
  });

  it("Not before it is known", () => {
    expect(endsSoon(grant({ effectiveAt: null }))).toBeNull();
    expect(endsSoon(grant({ revokeAt: null }))).toBeNull();
  });
});

describe("Whether the requester is warned", () => {
  const soon = at(3_000);
  const warned = (seconds: number) => isWarnedAt(soon, END, at(seconds));

  it("The warning goes out in time, with a fifth of it left", () => {
    expect([3_000, 3_479].map(warned)).toEqual([true, true]);
  });

  it("It does not go out before its time, nor where it would come too late to act on", () => {
    expect([2_999, 3_480, 3_599, 3_600].map(warned)).toEqual([false, false, false, false]);
  });
});

describe("An end on time that is not proven yet", () => {
  const due = plusSeconds(END, 180);

  it("It is shown as active until its proof is due, and as ending from then on", () => {
    expect(proofDue(grant())).toBe(due);
    const before = shownOf(grant(), plusSeconds(due, -0.001));
    expect(before).toEqual({ ...grant(), state: "active", outcome: null });
    expect(shownOf(grant(), due)).toEqual(grant());
  });

  it("Any other request is shown as it is", () => {
    const others: readonly Partial<AccessRequest>[] = [
      { state: "active" },
      { state: "ended" },
      { outcome: { code: "returned", detail: "x" } },
      { outcome: null },
      { effectiveAt: null },
      { revokeAt: null },
    ];
    for (const other of others) {
      expect(proofDue(grant(other))).toBeNull();
      expect(shownOf(grant(other), END)).toEqual(grant(other));
    }
  });
});

describe("An approval that is about to become active", () => {
  const soon = (more: Partial<AccessRequest>, now = T0) =>
    activeSoon(grant({ state: "approved", outcome: null, ...more }), now);

  it("It is expected within five seconds of its start, which has come", () => {
    expect(soon({})).toBe(at(5));
    expect(soon({ startsAt: at(60) }, at(60))).toBe(at(65));
    expect(soon({ startsAt: at(-60) })).toBe(at(5));
  });

  it("Nothing is expected of one that starts later, or is in another state", () => {
    expect(soon({ startsAt: at(60) }, at(59.999))).toBeNull();
    expect(soon({ approvedAt: null })).toBeNull();
    for (const state of ["pending", "active", "ending"] as const)
      expect(soon({ state })).toBeNull();
  });
});
