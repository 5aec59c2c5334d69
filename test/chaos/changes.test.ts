/** What becomes of changes around the broker: each has one finding, and what the broker did itself has none. */
import { describe, expect, it } from "vitest";
import { CHANGES } from "../../chaos/judge/changes.ts";
import type { Seen, SeenFinding } from "../../chaos/judge/seen.ts";
import { makePlan } from "../../chaos/plan/make-plan.ts";
import { reportOf } from "../../chaos/report.ts";
import { at, CLEAN, instant } from "./clean-run.ts";

const ADMIN = "arn:aws:iam::111122223333:role/admin";
const CALL = { operation: "AssociateAccessPolicy", requestId: "e9", at: at(5) };
const finding = (over: object = {}, caller: object = {}) =>
  ({
    ...{ code: "outside-change", recordedAt: instant(9) },
    event: {
      ...{ operation: CALL.operation, eksRequestId: CALL.requestId },
      caller: { roleArn: ADMIN, arn: "arn:aws:sts::111122223333:assumed-role/admin/x", ...caller },
    },
    ...over,
  }) as unknown as SeenFinding;
const run = (over: Partial<Seen>): Seen => ({ ...CLEAN, outsideCalls: [CALL], ...over });
const details = (over: Partial<Seen>) => CHANGES.judge(run(over)).map(({ detail }) => detail);

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

  it.each([
    ["of another kind", finding({ code: "grantor-outside-call" })],
    [
      "by the broker's own role",
      finding({}, { roleArn: "arn:aws:iam::111122223333:role/grantor" }),
    ],
    ["of a call that CloudTrail has", finding({ code: "missing-event", eksRequestId: "e1" })],
  ])("A finding %s is wrong, whatever else is found", (_, wrong) => {
    expect(CHANGES.judge({ ...CLEAN, findings: [wrong] })).toHaveLength(1);
    expect(CHANGES.judge({ ...CLEAN, findings: [finding()] })).toEqual([]);
  });

  it("What EventBridge never got is excused while such a fault lasted, and counted", () => {
    const lost = (effect: string, from: number): Partial<Seen> => ({
      deeds: [
        {
          ...{ from: at(from), to: at(from), answer: "set" },
          action: {
            kind: "aws-fault",
            rule: { kind: "trail", effect, count: 3 },
            seconds: 10,
            at: 0,
          },
        },
      ],
    });
    const excused = (over: Partial<Seen>) => reportOf(run(over), [], 1).figures["changesExcused"];
    expect([details(lost("lose-event", 0)), excused(lost("lose-event", 0))]).toEqual([[], 1]);
    expect([details(lost("delay", 0)).length, excused(lost("delay", 0))]).toEqual([1, 0]);
    expect([details(lost("lose-event", 8)).length, details(lost("lose-event", -8)).length]).toEqual(
      [...[1, 1]],
    );
    expect(details({ ...lost("lose-event", 0), findings: [finding(), finding()] })).toHaveLength(1);
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
