import { describe, expect, it } from "vitest";
import {
  type Accounts,
  reconcile,
} from "../../../../../shared/domain/evidence/report/completeness.ts";
import { aCall, anEvent } from "../samples.ts";

const event = (eventId: string, changes: Parameters<typeof anEvent>[0] = {}) =>
  anEvent({ eventId, ...changes });

const EVENTS = [
  event("called"),
  event("lost", { operation: "UpdateAccessEntry" }),
  event("foreign", { operation: "CreateAccessEntry" }),
  event("terraform"),
];

const ACCOUNTS: Accounts = {
  calls: [aCall({ eksRequestId: "c1" })],
  confirmed: new Map([["c1", "called"]]),
  explained: new Set(["lost"]),
  findings: new Set(["foreign"]),
  expected: new Set(["terraform"]),
};

const NONE = { unaccounted: [], accountedTwice: [], unseenCalls: [], contradicted: [] };

describe("Completeness", () => {
  it("Events are complete when each is a call, explained, a finding or expected", () => {
    expect(reconcile(EVENTS, ACCOUNTS)).toEqual({
      ...NONE,
      events: 4,
      confirmedCalls: 1,
      explained: 1,
      findings: 1,
      expected: 1,
      isComplete: true,
    });
  });

  it("A period without events and calls is complete", () => {
    const none = new Set<string>();
    const empty = {
      calls: [],
      confirmed: new Map(),
      explained: none,
      findings: none,
      expected: none,
    };
    expect(reconcile([], empty)).toMatchObject({ ...NONE, events: 0, isComplete: true });
  });

  it("Repeats, corrections, failures and removals change no number", () => {
    const addendum = { reason: "UPDATED_DATA", originalRequestId: null, originalEventId: "called" };
    const more = [
      event("called"),
      event("corrected", { addendum }),
      event("failed", { errorCode: "AccessDenied" }),
      event("removed", { operation: "DeleteAccessEntry" }),
      event("taken", { operation: "DisassociateAccessPolicy" }),
    ];
    expect(reconcile([...EVENTS, ...more], ACCOUNTS)).toEqual(reconcile(EVENTS, ACCOUNTS));
  });

  it("Events that nothing accounts for are named", () => {
    expect(reconcile([event("z"), ...EVENTS, event("a")], ACCOUNTS)).toMatchObject({
      ...NONE,
      events: 6,
      unaccounted: ["a", "z"],
      isComplete: false,
    });
  });

  it("Events that two lists account for are named", () => {
    const findings = new Set(["foreign", "called"]);
    expect(reconcile(EVENTS, { ...ACCOUNTS, findings })).toMatchObject({
      ...NONE,
      accountedTwice: ["called"],
      isComplete: false,
    });
  });

  it("Calls that gave access and that no event confirms are named, others are not", () => {
    const calls = [
      ...ACCOUNTS.calls,
      aCall({ eksRequestId: "unseen" }),
      aCall({ eksRequestId: "refused", result: "AccessDeniedException" }),
      aCall({ eksRequestId: "removal", operation: "DisassociateAccessPolicy" }),
    ];
    expect(reconcile(EVENTS, { ...ACCOUNTS, calls })).toMatchObject({
      ...NONE,
      unseenCalls: ["unseen"],
      isComplete: false,
    });
  });

  it("A call that is confirmed by an event outside the period is named", () => {
    expect(reconcile(EVENTS.slice(1), ACCOUNTS)).toMatchObject({
      events: 3,
      confirmedCalls: 0,
      unseenCalls: ["c1"],
    });
  });
});
