/**
 * The judgements that compare histories with rules: rights of people, and chains that end as a
 * whole.
 */
import { describe, expect, it } from "vitest";
import { deadlineOf } from "../../../../lab/chaos/judge/deadline.ts";
import { verdictsOn } from "../../../../lab/chaos/judge/judgements.ts";
import type { Seen, SeenRequest } from "../../../../lab/chaos/judge/seen.ts";
import type { Action } from "../../../../lab/chaos/plan/action.ts";
import { heldUpAt, holdsUp } from "../../../../lab/chaos/plan/holds-up.ts";
import type { AuditEvent } from "../../../../shared/domain/requests/audit-event.ts";
import { at, CLEAN, GRANT, historyOf, presence } from "../clean-run.ts";

const broken = (over: Partial<Seen>) =>
  verdictsOn({ ...CLEAN, ...over })
    .filter(({ findings }) => findings.length > 0)
    .map(({ name }) => name);
type Steps = (readonly [AuditEvent["type"], number, string?])[];
const history = (steps: Steps, over: Partial<SeenRequest["request"]> = {}): SeenRequest => ({
  ...GRANT,
  request: { ...GRANT.request, ...over },
  events: historyOf(...steps),
});
const decided = (...one: readonly SeenRequest[]) =>
  broken({ requests: one }).filter((name) => name === "deciders");

describe("Every step is of somebody who may take it, once", () => {
  const through = (steps: Steps, rule = "payments-edit") =>
    decided(history([["request", -1], ...steps, ["activate", 2], ["expire", 31]], { rule }));

  it("Approvers, their delegates and administrators may", () => {
    expect(through([["approve", 0, "bob"]])).toEqual([]);
    expect(through([["approve", 0, "carol"]])).toEqual([]);
    expect(
      through([
        ["approve", 0, "bob"],
        ["revoke", 3, "heidi"],
      ]),
    ).toEqual([]);
  });

  it("Nobody else may, nor whoever asked", () => {
    for (const who of ["alice", "mallory", "heidi"])
      expect(through([["approve", 0, who]])).toEqual(["deciders"]);
    expect(
      through([
        ["approve", 0],
        ["return", 3, "bob"],
      ]),
    ).toEqual(["deciders"]);
  });

  it("One person is not two approvers", () => {
    const both: Steps = [
      ["approve", -0.5, "bob"],
      ["approve", 0, "carol"],
    ];
    const twice: Steps = [
      ["approve", -0.5, "bob"],
      ["approve", 0, "bob"],
    ];
    expect(through(both, "payments-admin")).toEqual([]);
    expect(through(twice, "payments-admin")).toEqual(["deciders"]);
    expect(through([["approve", 0, "bob"]], "payments-admin")).toEqual(["deciders"]);
  });
});

describe("The end of a grant ends every link of its chain", () => {
  const first = history([
    ["request", -9],
    ["approve", -8],
    ["activate", -6],
    ["return", 4],
  ]);
  const last = (steps: Steps) =>
    history([["request", -1], ["approve", 0], ["activate", 2], ...steps], {
      id: "r2",
      extends: "r1",
    });
  const links = (...requests: readonly SeenRequest[]) =>
    broken({ requests }).filter((name) => name === "links");
  /** The state is what the last step led to. */
  const left = (one: SeenRequest, state: "active" | "ending"): SeenRequest => ({
    ...one,
    events: one.events.map((event) => ({ ...event, to: state })) as SeenRequest["events"],
  });

  it("A link that stays open is found, and one that ended at the same instant is not", () => {
    expect(links(first, left(last([]), "active"))).toEqual(["links"]);
    expect(links(first, left(last([["return", 4]]), "ending"))).toEqual([]);
  });

  it("A grant of another chain stays", () => {
    const other = history([["request", -1]], { id: "r2" });
    expect(links(first, left(other, "active"))).toEqual([]);
  });
});

describe("Causes of an end beside the requester", () => {
  it("A suspended person has no access ten seconds later, unless its message may be lost", () => {
    const seen: Partial<Seen> = {
      suspensions: [{ person: "alice", at: at(10) }],
      presences: [presence({ to: at(22) })],
    };
    const lost: Action = {
      kind: "aws-fault",
      at: 0,
      seconds: 5,
      rule: { kind: "throttle", service: "sqs", operation: "SendMessage" },
    };
    const deed = { action: lost, from: at(8), to: at(8), answer: "set" };
    const bounds = (over: Partial<Seen> = {}) => broken({ ...seen, ...over }).includes("bounds");
    expect(bounds()).toBe(true);
    expect(bounds({ deeds: [deed] })).toBe(false);
    const ofNotify = { ...lost, rule: { ...lost.rule, resource: "timelatch-notify.fifo" } };
    expect(bounds({ deeds: [{ ...deed, action: ofNotify }] })).toBe(true);
    expect(bounds({ suspensions: [{ person: "bob", at: at(10) }] })).toBe(false);
  });

  it("Where only the broker is held up, the fuse removes it", () => {
    const held = { from: at(20), to: at(200), holdsUpSeconds: 13, what: "EKS refuses the broker" };
    const until = (leavesFuse: boolean) =>
      deadlineOf(
        at(30),
        at(40),
        [{ ...held, ...(leavesFuse && { leavesFuse: true as const }) }],
        at(105),
      ).at;
    expect([until(true), until(false)]).toEqual([at(105), at(213)]);
  });

  it("Tables that fail another function hold up no removal", () => {
    const tables = { kind: "throttle", service: "dynamodb" };
    expect(holdsUp(tables)).toBeGreaterThan(0);
    expect(holdsUp({ ...tables, role: "timelatch-converge", count: 12 })).toBeGreaterThan(0);
    expect(holdsUp({ ...tables, role: "timelatch-slack" })).toBeUndefined();
    expect(holdsUp({ ...tables, count: 3 })).toBeUndefined();
    expect(holdsUp({ ...tables, kind: "delay" })).toBeUndefined();
  });

  it("A call to one cluster that lands late excuses nothing elsewhere", () => {
    const late = { kind: "late", service: "eks", resource: "staging" };
    expect(holdsUp(late)).toBeGreaterThan(0);
    expect(heldUpAt(late)).toEqual({ cluster: "staging" });
    expect(heldUpAt({ kind: "late", service: "eks" })).toEqual({});
    expect(heldUpAt({ ...late, account: "444455556666" })).toMatchObject({ leavesFuse: true });
  });
});

it("Each suspension and each lift that was answered is on the event bus", () => {
  const action: Action = {
    kind: "suspend",
    by: "carol",
    whom: "mallory",
    seconds: 20,
    at: 0,
  };
  const deeds = [{ action, from: at(1), to: at(21), answer: "200; lifted: 200" }];
  const on = (...ids: readonly string[]) => broken({ deeds, bus: new Set([...CLEAN.bus, ...ids]) });
  expect(on("stop-1#1", "stop-2#1")).toEqual([]);
  expect(on("stop-1#1")).toEqual(["bus"]);
});

it("To repeat an approval in Slack changes nothing, so it need be no step of its own", () => {
  const approve = { kind: "approve", life: 1, person: "bob", at: 0 } as const;
  const deed = (answer: string, person = "bob") => ({
    action: { ...approve, person },
    answer,
    from: at(-1),
    to: at(0),
  });
  expect(broken({ deeds: [deed("200 in Slack")] })).toEqual(["answers"]);
  expect(broken({ deeds: [deed("200"), deed("200 in Slack")] })).toEqual([]);
  expect(broken({ deeds: [deed("200", "carol"), deed("200 in Slack")] })).toEqual(["answers"]);
});
