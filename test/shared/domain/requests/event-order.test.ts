/** The events that may follow one another. */
import { describe, expect, it } from "vitest";
import type { AuditEvent } from "../../../../shared/domain/requests/audit-event.ts";
import { eventOrder } from "../../../../shared/domain/requests/event-order.ts";
import { LIFECYCLE } from "../../../../shared/domain/requests/lifecycle.ts";
import type { State } from "../../../../shared/domain/requests/request.ts";

const AT = "2026-11-24T10:00:00.000Z";
const event = (seq: number, type: string, from: State | null, to: State, at = AT) =>
  ({ seq, type, from, to, at }) as unknown as AuditEvent;
const STATES = Object.keys(LIFECYCLE) as readonly State[];
const TYPES = new Set(["request", ...STATES.flatMap((state) => Object.keys(LIFECYCLE[state]))]);

describe("The order of events", () => {
  it("A history begins with a request that is pending, and with nothing else", () => {
    const allowed = [...TYPES].flatMap((type) =>
      STATES.filter((to) => !eventOrder(undefined, event(1, type, null, to))).map((to) => [
        type,
        to,
      ]),
    );
    expect(allowed).toEqual([["request", "pending"]]);
  });

  it("After that, each event is a step of the lifecycle from the state before, and no other is", () => {
    for (const state of STATES) {
      const before = event(1, "any", null, state);
      for (const type of TYPES)
        for (const to of STATES) {
          const steps: Readonly<Record<string, readonly State[]>> = LIFECYCLE[state];
          const isStep = steps[type]?.includes(to) ?? false;
          const found = eventOrder(before, event(2, type, state, to));
          expect([state, type, to, found?.fault]).toEqual([
            state,
            type,
            to,
            isStep ? undefined : "order",
          ]);
        }
    }
  });

  it("An event that leads from another state is out of order, and so is one from nothing", () => {
    const before = event(1, "request", null, "pending");
    expect(eventOrder(before, event(2, "activate", "approved", "active"))).toEqual({
      fault: "order",
      detail: "Event 2 leads from approved, but the request was pending.",
    });
    expect(eventOrder(before, event(2, "request", null, "pending"))?.detail).toBe(
      "Event 2 leads from nothing, but the request was pending.",
    );
    expect(eventOrder(undefined, event(1, "deny", "pending", "denied"))?.detail).toBe(
      "Event 1 leads from pending, but the request was not there.",
    );
  });

  it("No event is dated before the one that it follows, and the same instant is no fault", () => {
    const before = event(1, "request", null, "pending");
    const dated = (at: string) => eventOrder(before, event(2, "deny", "pending", "denied", at));
    expect(dated(AT)).toBeUndefined();
    expect(dated("2026-11-24T09:59:59.999Z")).toMatchObject({ fault: "time" });
    expect(eventOrder(undefined, event(1, "request", null, "pending", ""))).toBeUndefined();
  });
});
