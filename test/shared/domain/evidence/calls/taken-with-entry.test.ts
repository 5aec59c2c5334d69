import { describe, expect, it } from "vitest";
import {
  addsAccess,
  deletionKnownBy,
  shownFrom,
  takenBy,
} from "../../../../../shared/domain/evidence/calls/taken-with-entry.ts";
import type { TrailEvent } from "../../../../../shared/domain/evidence/trail/trail-event.ts";
import { plusSeconds } from "../../../../../shared/domain/values/instant.ts";
import { anEvent, GRANT, MALLORY } from "../samples.ts";

const TIMES = {
  evidenceSettleSeconds: 600,
  evidenceMissingSeconds: 86_400,
  clockDifferenceSeconds: 10,
  readLagSeconds: 45,
};
const ADDED = anEvent({ caller: MALLORY });
const later = (seconds: number) => plusSeconds(ADDED.eventTime, seconds);
const deletion = (seconds: number, eksRequestId = "deletion", requestId = GRANT) => ({
  eksRequestId,
  sessionName: "timelatch",
  at: later(seconds),
  requestIds: [requestId],
});
const ENTRY = { policyArn: null, scope: null };
const CREATED: Partial<TrailEvent> = { ...ENTRY, operation: "CreateAccessEntry", groups: ["ops"] };
const UPDATED: Partial<TrailEvent> = { ...ENTRY, operation: "UpdateAccessEntry", groups: ["ops"] };

describe("An event that adds something to an entry", () => {
  it.each([
    [true, "an associated policy", {}],
    [true, "an entry with groups", CREATED],
    [true, "groups", UPDATED],
    [false, "an entry without groups", { ...CREATED, groups: [] }],
    [false, "no groups", { ...UPDATED, groups: [] }],
    [false, "a username", { ...UPDATED, groups: null }],
    [false, "a call that failed", { errorCode: "AccessDenied" }],
    [false, "a deletion", { ...ENTRY, operation: "DeleteAccessEntry" }],
    [false, "a policy that is taken off", { operation: "DisassociateAccessPolicy", scope: null }],
  ] satisfies readonly (readonly [boolean, string, Partial<TrailEvent>])[])(
    "It is %s that others add something by %s",
    (adds, _how, changes) => {
      expect(addsAccess(anEvent({ caller: MALLORY, ...changes }))).toBe(adds);
    },
  );
});

describe("The deletion that took it", () => {
  it.each([
    [-11, false],
    [-10, true],
    [0, true],
    [65.9, true],
    [66, false],
  ])("A deletion %d seconds after the addition of a policy: %s", (seconds, isTaken) => {
    expect(takenBy(ADDED, [deletion(seconds)], TIMES) !== undefined).toBe(isTaken);
  });

  it.each([
    [-1, false],
    [0, true],
    [65, true],
  ])("A deletion %d seconds after the creation of an entry: %s", (seconds, isTaken) => {
    const created = anEvent({ caller: MALLORY, ...CREATED });
    expect(takenBy(created, [deletion(seconds)], TIMES) !== undefined).toBe(isTaken);
  });

  it("A deletion that served two grants names both, and none of another deletion", () => {
    const all = [deletion(5), deletion(5, "deletion", "other"), deletion(20, "later", "third")];
    expect(takenBy(ADDED, all, TIMES)).toEqual({ ...deletion(5), requestIds: [GRANT, "other"] });
  });
});

describe("The time until which a deletion may become known", () => {
  it.each([
    ["no grant is on the entry", [], 0, undefined],
    ["a grant is running, and a read may still miss the addition", [null], 65.9, 66],
    ["a grant is running, and every read shows the addition", [null], 66, undefined],
    ["a grant ends only after a read shows it", [later(66)], 66, undefined],
    ["a grant was over before a read shows it", [null, later(65)], 66, 666],
    ["a grant was over, and its record had its time", [later(65)], 666, undefined],
  ] as const)("Where %s", (_where, ends, now, until) => {
    const expected = until === undefined ? undefined : later(until);
    expect(deletionKnownBy(ADDED, ends, later(now), TIMES)).toBe(expected);
  });

  it("A read that begins 55 seconds later shows an addition, and a run deletes ten seconds after it", () => {
    expect(shownFrom(ADDED.eventTime, TIMES)).toBe(later(45 + 10 + 10 + 1));
  });
});
