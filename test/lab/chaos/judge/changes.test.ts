/**
 * The findings about changes around the broker: one for each, and no finding for the broker's own
 * changes.
 */
import { describe, expect, it } from "vitest";
import { CALLS } from "../../../../lab/chaos/judge/calls.ts";
import { CHANGES } from "../../../../lab/chaos/judge/changes.ts";
import type { Seen, SeenFinding } from "../../../../lab/chaos/judge/seen.ts";
import { makePlan } from "../../../../lab/chaos/plan/make-plan.ts";
import { reportOf } from "../../../../lab/chaos/report.ts";
import { at, CLEAN, GRANT, instant } from "../clean-run.ts";

const ADMIN = "arn:aws:iam::111122223333:role/admin";
const CALL = { operation: "AssociateAccessPolicy", requestId: "e9", at: at(5) };
const finding = (over: object = {}, caller: object = {}) =>
  ({
    code: "outside-change",
    recordedAt: instant(9),
    event: {
      operation: CALL.operation,
      eksRequestId: CALL.requestId,
      caller: { roleArn: ADMIN, arn: "arn:aws:sts::111122223333:assumed-role/admin/x", ...caller },
    },
    ...over,
  }) as unknown as SeenFinding;
const run = (over: Partial<Seen>): Seen => ({ ...CLEAN, outsideCalls: [CALL], ...over });
const details = (over: Partial<Seen>) => CHANGES.judge(run(over)).map(({ detail }) => detail);

const losing = (effect: string, from: number): Seen["deeds"] => [
  {
    from: at(from),
    to: at(from),
    answer: "set",
    action: { kind: "aws-fault", rule: { kind: "trail", effect, count: 3 }, seconds: 10, at: 0 },
  },
];

describe("Records that CloudTrail loses for good", () => {
  const missing = finding({ code: "missing-event", eksRequestId: "e1", calledAt: instant(1) });
  const requests = [
    {
      ...GRANT,
      evidence: {
        ...GRANT.evidence,
        calls: GRANT.evidence.calls.map((call) => ({ ...call, state: "missing" as const })),
      },
    },
  ];
  const wrong = (over: Partial<Seen>) =>
    [CALLS, CHANGES].map(({ judge }) => judge({ ...CLEAN, requests, ...over }).length);

  it("A call without a record is missing, with one finding", () => {
    expect(wrong({ deeds: losing("lose", 0), findings: [missing] })).toEqual([0, 0]);
    expect(wrong({ deeds: losing("lose", 0) })).toEqual([1, 0]);
  });

  it("A call whose record was not lost is not missing", () => {
    expect(wrong({ findings: [missing] })).toEqual([1, 1]);
    expect(wrong({ deeds: losing("lose-event", 0), findings: [missing] })).toEqual([1, 1]);
    expect(wrong({ deeds: losing("lose", 4), findings: [missing] })).toEqual([1, 1]);
  });

  it("They are lost early enough to be missed before a run has settled", () => {
    const lost = (minutes: number) =>
      makePlan(1, minutes).flatMap((one) =>
        one.kind === "aws-fault" && one.rule["effect"] === "lose" ? one.at : [],
      );
    expect(lost(2)).toEqual([]);
    expect(lost(10).length).toBeGreaterThan(2);
    expect(Math.max(...lost(10))).toBeLessThan(460_000);
  });
});

it("Slack is away for half a minute now and then", () => {
  const away = makePlan(1, 10).flatMap((one) =>
    one.kind === "slack-fault" &&
    Object.keys(one.rule).join(" ") === "kind" &&
    one.rule["kind"] === "outage"
      ? one.seconds
      : [],
  );
  expect(away.length).toBeGreaterThan(2);
  expect(Math.min(...away)).toBeGreaterThanOrEqual(25);
});

describe("Changes of others", () => {
  it("Each has one finding: none and two are wrong", () => {
    expect(details({ findings: [finding()] })).toEqual([]);
    expect(details({ findings: [] })).toEqual([
      "AssociateAccessPolicy e9 of somebody else has 0 findings.",
    ]);
    expect(details({ findings: [finding(), finding()] })).toEqual([
      "AssociateAccessPolicy e9 of somebody else has 2 findings.",
    ]);
  });

  it("A finding may still come, and one too many stays", () => {
    const finals = (findings: readonly SeenFinding[]) =>
      CHANGES.judge(run({ findings })).map(({ isFinal }) => isFinal);
    expect([finals([]), finals([finding(), finding()])]).toEqual([[undefined], [true]]);
  });

  it("One that the broker's deletion took has a finding of its own code", () => {
    expect(details({ findings: [finding({ code: "taken-with-entry" })] })).toEqual([]);
  });

  it.each([
    ["of another kind", finding({ code: "grantor-outside-call" })],
    [
      "by the broker's own role",
      finding({}, { roleArn: "arn:aws:iam::111122223333:role/grantor" }),
    ],
    [
      "of a call that CloudTrail has",
      finding({ code: "missing-event", eksRequestId: "e1", calledAt: instant(1) }),
    ],
  ])("A finding %s is wrong, whatever else is found", (_, wrong) => {
    expect(CHANGES.judge({ ...CLEAN, findings: [wrong] })).toHaveLength(1);
    expect(CHANGES.judge({ ...CLEAN, findings: [finding()] })).toEqual([]);
  });

  it("An event that EventBridge never got is excused while such a fault lasted, and counted", () => {
    const lost = (effect: string, from: number): Partial<Seen> => ({ deeds: losing(effect, from) });
    const excused = (over: Partial<Seen>) => reportOf(run(over), [], 1).figures["changesExcused"];
    expect([details(lost("lose-event", 0)), excused(lost("lose-event", 0))]).toEqual([[], 1]);
    expect([details(lost("delay", 0)).length, excused(lost("delay", 0))]).toEqual([1, 0]);
    expect([details(lost("lose-event", 8)).length, details(lost("lose-event", -8)).length]).toEqual(
      [...[1, 1]],
    );
    expect(details({ ...lost("lose-event", 0), findings: [finding(), finding()] })).toHaveLength(1);
  });

  it("A change that the sandbox answered just before a kill may be unwritten", () => {
    const killed = (from: number): Seen["deeds"] => [
      {
        action: { kind: "kill-sandbox", at: 0, seconds: 0, clocks: {} },
        from: CALL.at + from,
        to: CALL.at + from + 5_000,
        answer: "killed, and started again",
      },
    ];
    expect([-5_100, -800, 150].map((from) => details({ deeds: killed(from) }).length)).toEqual([
      ...[1, 0, 0],
    ]);
    expect(details({ deeds: killed(300) })).toHaveLength(1);
  });
});

it("Some faults outlast the attempts of one call, but for a plan that must settle soon", () => {
  const most = (slower: number) =>
    Math.max(
      ...[1, 2, 3].flatMap((seed) =>
        makePlan(seed, 5, slower).map((one) =>
          one.kind === "aws-fault" && one.rule["service"] === "dynamodb"
            ? Number(one.rule["count"] ?? 0)
            : 0,
        ),
      ),
    );
  expect([most(1), most(5)]).toEqual([12, 3]);
});

it("No function is killed whose messages come again after minutes, in a plan that must settle soon", () => {
  const killed = (slower: number) =>
    new Set(
      [1, 2, 3].flatMap((seed) =>
        makePlan(seed, 5, slower).flatMap((one) => (one.kind === "kill-function" ? one.name : [])),
      ),
    );
  expect([...killed(1)]).toEqual(expect.arrayContaining(["notify", "correlate"]));
  expect([...killed(5)].toSorted()).toEqual([
    ...["activity", "api", "archive", "converge", "slack", "sweep"],
  ]);
});
