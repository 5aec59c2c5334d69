/** Access that was lent by facts, against what was true at the services. */
import { describe, expect, it } from "vitest";
import { FACTS, requestsByFacts } from "../../../../lab/chaos/judge/facts.ts";
import type { Seen, SeenRequest } from "../../../../lab/chaos/judge/seen.ts";
import type { Action } from "../../../../lab/chaos/plan/action.ts";
import type { AuditEvent } from "../../../../shared/domain/requests/audit-event.ts";
import { at, CLEAN, GRANT, instant } from "../clean-run.ts";

const deed = (action: object, from: number, to = from): Seen["deeds"][number] => ({
  action: { at: 0, ...action } as unknown as Action,
  ...{ from: at(from), to: at(to), answer: "set" },
});
const dave = (from: number, seconds = 600) =>
  deed({ kind: "shift", person: "dave", seconds }, from);
const carol = (from: number) => deed({ kind: "shift", person: "carol", seconds: 600 }, from);
const ticket = (status: string, from: number) =>
  deed({ kind: "ticket", ticket: "PAY-1", status }, from);
const dead = (from: number, seconds: number) =>
  deed({ kind: "outside-fault", rule: { kind: "token" }, seconds }, from);

const step = (type: string, second: number, details: object, seq = 2) =>
  ({ type, seq, at: instant(second), details, to: type }) as unknown as AuditEvent;

/** A grant of those rules with these steps. */
const lent = (rule: string, ...events: readonly AuditEvent[]): SeenRequest => ({
  ...GRANT,
  request: { ...GRANT.request, rule },
  events,
});
const judged = (request: SeenRequest, deeds: Seen["deeds"], over: Partial<Seen> = {}) =>
  FACTS.judge({ ...CLEAN, requests: [request], deeds, settledAt: at(200), ...over }).map(
    ({ detail }) => detail,
  );

const onCall = (readAt: number, until = 600) => ({
  onCall: {
    ...{ onCall: "primary", schedule: "pagerduty/us/PI7DH85", person: "PDAVE01" },
    ...{ readAt: instant(readAt), until: instant(until) },
  },
});
const open = (readAt: number) => ({
  ticket: {
    ...{ in: "payments", ticket: "jira/example.atlassian.net/PAY-1", status: "in-progress" },
    readAt: instant(readAt),
  },
});

describe("A grant by a shift", () => {
  const by = (readAt: number, until?: number) =>
    lent(
      "view-on-call",
      step("approve", 0, onCall(readAt, until)),
      step("activate", 2, onCall(readAt, until), 3),
    );

  it("It is right where the person was on call when that was read, also if they are not any more", () => {
    expect(judged(by(-5), [dave(-30)])).toEqual([]);
    expect(judged(by(-5), [dave(-30), carol(-3)])).toEqual([]);
  });

  it("It is wrong where somebody else was on call, or nobody any more", () => {
    const said = [expect.stringMatching(/^Its approve .+ who was not at/), expect.anything()];
    expect(judged(by(-5), [])).toEqual(said);
    expect(judged(by(-5), [dave(-60), carol(-30)])).toEqual(said);
    expect(judged(by(-5), [dave(-60, 20)])).toEqual(said);
    expect(judged(by(-5), [dave(0)])).toEqual(said);
  });

  it("It is wrong where a step leaned on nothing, or on what is too old, or lasts beyond the shift", () => {
    expect(judged(lent("view-on-call", step("activate", 2, {})), [dave(-30)])).toEqual([
      "Its activate leaned on no fact.",
    ]);
    expect(judged(by(-310), [dave(-400)])).toHaveLength(2);
    expect(judged(by(-5, 20), [dave(-30)])).toEqual([expect.stringContaining("its shift until")]);
  });
});

describe("A grant by a ticket", () => {
  const until = (over: number) =>
    lent("view-ticket", step("approve", 0, open(-3)), step("activate", 2, open(-3), 3), {
      ...step("withdraw", over, {}, 4),
      to: "ending",
    } as AuditEvent);

  it("It is right where the ticket was open, and it ended soon after that was closed", () => {
    expect(judged(until(60), [ticket("indeterminate", -10), ticket("done", 40)])).toEqual([]);
    expect(judged(until(600), [ticket("indeterminate", -10)])).toEqual([]);
  });

  it("It is wrong where the ticket was never open, or access outlasted it by far", () => {
    expect(judged(until(60), [])).toHaveLength(2);
    expect(judged(until(60), [ticket("done", -10)])).toHaveLength(2);
    expect(judged(until(80), [ticket("indeterminate", -10), ticket("done", 40)])).toEqual([
      "Its ticket was closed, and it lasted 6 s too long.",
    ]);
  });

  it("A tracker that said nothing meanwhile moves that time, and one that failed before does not", () => {
    const [was, closed] = [ticket("indeterminate", -10), ticket("done", 40)];
    expect(judged(until(80), [was, closed, dead(41, 8)])).toEqual([]);
    expect(judged(until(80), [was, dead(20, 8), closed])).toHaveLength(1);
  });
});

it("Other grants need no fact, and are not judged by any", () => {
  const other = lent("payments-edit", step("approve", 0, {}), step("activate", 2, {}));
  expect(judged(other, [])).toEqual([]);
  expect(requestsByFacts({ ...CLEAN, requests: [other] })).toEqual([]);
});
