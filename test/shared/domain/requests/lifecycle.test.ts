import { describe, expect, it } from "vitest";
import { CHAIN_START, verifyChains } from "../../../../shared/domain/requests/audit-chain.ts";
import {
  ACCESS_MAY_EXIST,
  isFinal,
  LIFECYCLE,
  transition,
} from "../../../../shared/domain/requests/lifecycle.ts";
import type { EventType, State } from "../../../../shared/domain/requests/request.ts";
import { plusSeconds } from "../../../../shared/domain/values/instant.ts";
import { aRequest } from "../../../fakes/builders.ts";

const STATES = Object.keys(LIFECYCLE) as State[];
const EVENTS: EventType[] = [
  "request",
  "approve",
  "deny",
  "cancel",
  "lapse",
  "activate",
  "refuse",
  "return",
  "revoke",
  "expire",
  "withdraw",
  "settle",
  "evidence",
];
const at = "2026-11-24T10:00:00.000Z";
const happens = (type: EventType) => ({ type, actor: "bob", at, policyHash: "p" });

/** Design's own table, written down a second time. */
const ALLOWED: Readonly<Record<string, string>> = {
  "pending approve": "approved",
  "pending deny": "denied",
  "pending cancel": "cancelled",
  "pending lapse": "lapsed",
  "approved activate": "active",
  "approved refuse": "failed",
  "approved cancel": "ending",
  "approved revoke": "ending",
  "approved expire": "ending",
  "approved withdraw": "ending",
  "approved evidence": "approved",
  "active return": "ending",
  "active revoke": "ending",
  "active expire": "ending",
  "active withdraw": "ending",
  "active evidence": "active",
  "ending settle": "ended",
  "ending evidence": "ending",
};

describe("the lifecycle", () => {
  it.each(STATES.flatMap((state) => EVENTS.map((type) => ({ state, type }))))(
    "$type while $state does what the table says",
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

  it("never leaves a state in which access may exist but through one where it does not", () => {
    for (const state of ACCESS_MAY_EXIST)
      for (const [type, targets] of Object.entries(LIFECYCLE[state]))
        for (const to of targets ?? [])
          if (!ACCESS_MAY_EXIST.has(to)) expect(["settle", "refuse"]).toContain(type);
  });

  it("keeps an approval that is not enough pending", () => {
    const step = transition(
      { ...aRequest(), state: "pending" },
      {
        ...happens("approve"),
        to: "pending",
      },
    );
    expect(step.request.state).toBe("pending");
  });

  it("refuses a target that the table does not name", () => {
    expect(() =>
      transition({ ...aRequest(), state: "pending" }, { ...happens("approve"), to: "active" }),
    ).toThrow(expect.objectContaining({ code: "illegal-transition" }));
  });

  it("has final states from which nothing leads", () => {
    expect(STATES.filter(isFinal)).toEqual(["ended", "denied", "cancelled", "lapsed", "failed"]);
  });

  it.each([
    ["approve", "pending", "approved", "approvedAt"],
    ["activate", "approved", "active", "effectiveAt"],
    ["settle", "ending", "ended", "endedAt"],
    ["refuse", "approved", "failed", "endedAt"],
  ] as const)("says when it happened: %s", (type, from, to, stamp) => {
    const { event, request } = transition({ ...aRequest(), state: from }, happens(type));
    expect(request).toMatchObject({ state: to, [stamp]: event.at, updatedAt: event.at });
  });

  it("does not say anew when it came into a state in which it stays", () => {
    const approvedAt = "2026-11-24T10:00:01.000Z";
    const approved = { ...aRequest(), state: "approved", approvedAt } as const;
    expect(transition(approved, happens("evidence")).request.approvedAt).toBe(approvedAt);
  });

  it("tells nothing to have happened before what it follows, where clocks are seconds apart", () => {
    const activeAt = (updatedAt: string) =>
      ({ ...aRequest(), state: "active", updatedAt }) as const;
    const { at } = happens("return");
    for (const [updatedAt, told] of [
      [plusSeconds(at, 10), plusSeconds(at, 10)],
      [plusSeconds(at, -10), at],
      // No clock of ours is so far off: nothing is held to it.
      [plusSeconds(at, 11), at],
    ] as const) {
      const { event, request } = transition(activeAt(updatedAt), happens("return"));
      expect([event.at, request.updatedAt]).toEqual([told, told]);
    }
  });

  it("chains every event to the one before", () => {
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
