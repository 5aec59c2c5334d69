import { describe, expect, it } from "vitest";
import { aRequest } from "../../../../lab/fakes/builders.ts";
import { verifyChains } from "../../../../shared/domain/requests/audit-chain.ts";
import { EVENT_TYPES, type EventType } from "../../../../shared/domain/requests/audit-event.ts";
import { escalatedTerms } from "../../../../shared/domain/requests/escalated-terms.ts";
import {
  ACCESS_MAY_EXIST,
  isFinal,
  LIFECYCLE,
  type Occurrence,
  transition,
} from "../../../../shared/domain/requests/lifecycle.ts";
import { STATES } from "../../../../shared/domain/requests/request.ts";
import { CHAIN_START } from "../../../../shared/domain/values/hash-chain.ts";
import { plusSeconds } from "../../../../shared/domain/values/instant.ts";

const at = "2026-11-24T10:00:00.000Z";
/** The lifecycle looks at no details but those that change terms, so no others are given. */
const happens = (type: EventType) =>
  ({
    type,
    actor: "bob",
    at,
    policyHash: "p",
    details: type === "escalate" ? escalatedTerms(aRequest(), "glass", 600) : {},
  }) as Occurrence;

/** The table of allowed steps, written a second time. */
const ALLOWED: Readonly<Record<string, string>> = {
  "pending approve": "approved",
  "pending deny": "denied",
  "pending cancel": "cancelled",
  "pending lapse": "lapsed",
  "pending attempt": "pending",
  "pending escalate": "pending",
  "approved activate": "active",
  "approved refuse": "failed",
  "approved cancel": "ending",
  "approved revoke": "ending",
  "approved expire": "ending",
  "approved withdraw": "ending",
  "approved evidence": "approved",
  "approved attempt": "approved",
  "active return": "ending",
  "active revoke": "ending",
  "active expire": "ending",
  "active withdraw": "ending",
  "active evidence": "active",
  "active extend": "active",
  "active attempt": "active",
  "ending settle": "ended",
  "ending evidence": "ending",
};

/** Further states and steps of a break-glass. */
const OF_BREAK_GLASS: Readonly<Record<string, string>> = {
  "active review": "active",
  "ending review": "ending",
  "ended review": "ended",
  "failed review": "failed",
};

describe("The lifecycle", () => {
  it.each(STATES.flatMap((state) => EVENT_TYPES.map((type) => ({ state, type }))))(
    "The event $type in the state $state of a break-glass follows both tables",
    ({ state, type }) => {
      const all: typeof ALLOWED = { ...ALLOWED, ...OF_BREAK_GLASS };
      const to = type === "escalate" ? undefined : all[`${state} ${type}`];
      const run = () => transition({ ...aRequest(), breakGlass: true, state }, happens(type));
      if (to === undefined)
        expect(run).toThrow(expect.objectContaining({ code: "illegal-transition" }));
      else expect(run()).toMatchObject({ from: state, request: { state: to } });
    },
  );

  it.each(STATES.flatMap((state) => EVENT_TYPES.map((type) => ({ state, type }))))(
    "The event $type in the state $state follows the table",
    ({ state, type }) => {
      const to = ALLOWED[`${state} ${type}`];
      const run = () => transition({ ...aRequest(), state, version: 7 }, happens(type));
      if (to === undefined)
        expect(run).toThrow(expect.objectContaining({ code: "illegal-transition" }));
      else
        expect(run()).toMatchObject({
          from: state,
          request: { state: to, version: 8 },
          event: { seq: 8, from: state, to, type, actor: "bob" },
        });
    },
  );

  it("A state in which access may exist is left only by settle or refuse", () => {
    for (const state of ACCESS_MAY_EXIST)
      for (const [type, targets] of Object.entries(LIFECYCLE[state]))
        for (const to of targets ?? [])
          if (!ACCESS_MAY_EXIST.has(to)) expect(["settle", "refuse"]).toContain(type);
  });

  it("An approval that does not complete the quorum leaves the request pending", () => {
    const step = transition(
      { ...aRequest(), state: "pending" },
      {
        ...happens("approve"),
        to: "pending",
      },
    );
    expect(step.request.state).toBe("pending");
  });

  it("A step to a state that the table does not list is refused", () => {
    expect(() =>
      transition({ ...aRequest(), state: "pending" }, { ...happens("approve"), to: "active" }),
    ).toThrow(expect.objectContaining({ code: "illegal-transition" }));
  });

  it("A review of an ended break-glass changes neither its state nor when it ended", () => {
    const endedAt = "2026-11-24T10:30:00.000Z";
    const ended = { ...aRequest(), breakGlass: true, state: "ended", endedAt } as const;
    expect(
      transition(ended, { ...happens("review"), at: "2026-11-25T10:00:00.000Z" }),
    ).toMatchObject({
      from: "ended",
      request: { state: "ended", endedAt },
      event: { to: "ended" },
    });
  });

  it("Nothing leads out of a final state", () => {
    expect(STATES.filter(isFinal)).toEqual(["ended", "denied", "cancelled", "lapsed", "failed"]);
  });

  it.each([
    ["approve", "pending", "approved", "approvedAt"],
    ["activate", "approved", "active", "effectiveAt"],
    ["settle", "ending", "ended", "endedAt"],
    ["refuse", "approved", "failed", "endedAt"],
  ] as const)("The event %s records its time on the request", (type, from, to, stamp) => {
    const { event, request } = transition({ ...aRequest(), state: from }, happens(type));
    expect(request).toMatchObject({ state: to, [stamp]: event.at, updatedAt: event.at });
  });

  it("An event that does not change the state keeps the time of entering it", () => {
    const approvedAt = "2026-11-24T10:00:01.000Z";
    const approved = { ...aRequest(), state: "approved", approvedAt } as const;
    expect(transition(approved, happens("evidence")).request.approvedAt).toBe(approvedAt);
  });

  it("An event is never dated before the one it follows, while clocks differ by seconds only", () => {
    const activeAt = (updatedAt: string) =>
      ({ ...aRequest(), state: "active", updatedAt }) as const;
    const { at } = happens("return");
    for (const [updatedAt, expected] of [
      [plusSeconds(at, 10), plusSeconds(at, 10)],
      [plusSeconds(at, -10), at],
      // None of our clocks is wrong by this much, so the time is taken as it is.
      [plusSeconds(at, 11), at],
    ] as const) {
      const { event, request } = transition(activeAt(updatedAt), happens("return"));
      expect([event.at, request.updatedAt]).toEqual([expected, expected]);
    }
  });

  it("Every event contains the hash of the one before", () => {
    const first = transition(
      { ...aRequest(), state: "approved", version: 0, lastHash: CHAIN_START },
      happens("activate"),
    );
    const second = transition(first.request, happens("return"));
    const third = transition(second.request, happens("settle"));
    const chain = [first, second, third].map(({ event }) => event);
    expect(verifyChains(chain)).toEqual([]);
    expect(second.event.previousHash).toBe(first.event.hash);
  });
});
