/** How everything stands after ends: what counts as over, as left, and as unknown. */
import { describe, expect, it } from "vitest";
import { somethingRemains } from "../../../cli/ends/ends-failure.ts";
import { placesOf, type Rest, reportOf } from "../../../cli/ends/ends-report.ts";
import { planEnds } from "../../../cli/ends/plan-ends.ts";
import { Failure } from "../../../cli/failures/failure.ts";
import type { EffectiveAccessAnswer } from "../../../shared/http/contract/person-access-answer.ts";
import { ALICE, idOf } from "../sample-requests.ts";
import { aRequest, NOTHING_LEFT } from "./sample-ends.ts";

const whose = (cluster?: string) => ({ person: "alice", cluster, isOwn: false });
const NO = new Failure("refused", "forbidden", {
  what: "No.",
  notDone: "Nothing was done.",
  next: ["Next: ask an admin."],
});
const CLEAR: Rest = { place: "prod", access: NOTHING_LEFT };
const EVERYWHERE: Rest = {
  place: undefined,
  access: { ...NOTHING_LEFT, cluster: null, standingAsOf: null },
};
const VIEW: EffectiveAccessAnswer = {
  cluster: "prod",
  principalArn: ALICE,
  policy: "AmazonEKSViewPolicy",
  elements: ["cluster"],
  state: "there",
  by: idOf(9),
  from: null,
  until: null,
  asOf: null,
};
const refusedEnd = (number: number) => ({
  end: { verb: "revoke" as const, request: aRequest(number, "active"), others: [] },
  failure: NO,
});
const report = (
  states: readonly ("ended" | "failed" | "ending" | "active")[],
  refused: readonly number[] = [],
  rest: readonly Rest[] = [CLEAR, EVERYWHERE],
) =>
  reportOf(
    planEnds([], whose()),
    states.map((state, at) => aRequest(at + 1, state)),
    refused.map(refusedEnd),
    rest,
  );
const why = (...[found, limit]: [ReturnType<typeof report>, number?]) =>
  somethingRemains(planEnds([], whose()), found, limit).message;

describe("The report of ends", () => {
  it("Access is over once a read has proven it, whatever its outcome, and otherwise not proven", () => {
    const { ended, notProven } = report(["ended", "ending", "failed", "active"]);
    expect(ended.map(({ id }) => id)).toEqual([idOf(1), idOf(3)]);
    expect(notProven.map(({ id }) => id)).toEqual([idOf(2), idOf(4)]);
  });

  it("Nothing remains only where all is over, all was read, and nothing is there", () => {
    const unread = [
      { cluster: "prod", principalArn: ALICE, why: "never-read", since: null },
    ] as const;
    const rests: readonly (readonly [Rest, boolean])[] = [
      [CLEAR, false],
      [EVERYWHERE, false],
      [{ place: "prod", access: { ...NOTHING_LEFT, access: [VIEW] } }, true],
      [{ place: "prod", access: { ...NOTHING_LEFT, unread } }, true],
      [{ place: "prod", access: { ...NOTHING_LEFT, standingAsOf: null } }, true],
      [{ place: "prod", access: NO }, true],
    ];
    for (const [rest, remains] of rests) {
      expect(report(["ended"], [], [rest])).toMatchObject({ remains });
      expect(report(["ended"], [], [CLEAR, rest])).toMatchObject({ remains });
      expect(report(["ended"], [], [rest, CLEAR])).toMatchObject({ remains });
    }
    expect(report([])).toMatchObject({ remains: false });
    expect(report(["ended", "ending"])).toMatchObject({ remains: true });
    expect(report(["ended"], [2])).toMatchObject({ remains: true });
  });

  it("It names each refused end and each place that was not read, with the reason", () => {
    const found = report(["ended"], [2], [CLEAR, { place: undefined, access: NO }]);
    const problem = expect.objectContaining({ type: "urn:timelatch:cli:forbidden" });
    expect(found.notEnded).toEqual([{ ...aRequest(2, "active"), problem }]);
    expect(found.notRead).toEqual([{ cluster: null, problem }]);
    expect(found.remaining).toEqual([NOTHING_LEFT]);
    expect(report([], [], [{ place: "prod", access: NO }]).notRead).toEqual([
      { cluster: "prod", problem },
    ]);
  });

  it.each([
    [undefined, ["prod", "staging", "dev", undefined]],
    ["prod", ["prod"]],
  ])("On the cluster %s it reads what is left on %j", (cluster, places) => {
    const requests = [
      aRequest(1, "active", { cluster: "prod" }),
      aRequest(2, "active", { cluster: "prod" }),
      aRequest(3, "ending", { cluster: "staging" }),
      aRequest(4, "pending", { cluster: "dev" }),
    ];
    expect(placesOf(planEnds(requests, whose(cluster)))).toEqual(places);
  });
});

describe("The failure where something remains", () => {
  const REST: Rest = { place: "prod", access: { ...NOTHING_LEFT, access: [VIEW] } };

  it("It says each reason there is, and no other", () => {
    const known = "It is not known that all access of alice is gone: ";
    const notDone = ". Nothing was changed besides what is listed.";
    const reasons = [
      [report(["ended"], [2, 3]), "2 requests not ended"],
      [report(["ending"]), "1 end not proven"],
      [report([], [], [CLEAR, REST]), "access that stays"],
      [report([], [], [{ place: "prod", access: NO }]), "not everything could be read"],
      [report(["ending"], [2], [REST]), "1 request not ended, 1 end not proven, access that stays"],
    ] as const;
    for (const [found, said] of reasons) expect(why(found)).toBe(`${known}${said}${notDone}`);
  });

  it("It says how long the command waited, where it waited", () => {
    expect(why(report(["ending"]), 420)).toContain("1 end not proven after 7m.");
    expect(why(report(["ending"]))).not.toContain("after");
  });
});
