/**
 * The counts of a load, the ends that it calls late, and that its policy is valid. The load itself
 * runs by hand.
 */
import { describe, expect, it } from "vitest";
import { crowdPolicy, nameOf, roleArnOf } from "../../../lab/bench/load/crowd.ts";
import { loadFigures } from "../../../lab/bench/load/figures.ts";
import { type Person, playLife } from "../../../lab/bench/load/life.ts";
import { removalOf } from "../../../lab/bench/load/removals.ts";
import { newTally } from "../../../lab/bench/load/tally.ts";
import { type Figure, holds } from "../../../lab/bench/storm/figure.ts";
import type { RequestAnswer } from "../../../shared/http/contract/answers.ts";
import { parseAccessPolicy } from "../../../shared/policy-file/parse-access-policy.ts";

const ROLE = roleArnOf(nameOf(0));
const at = (second: number) => new Date(Date.UTC(2020, 10, 28, 12, 0, second)).toISOString();

/** A grant with access from second 2 on, due at 50, over at 60. */
const grant = (over: Partial<RequestAnswer> = {}) =>
  ({
    principalArn: ROLE,
    createdAt: at(0),
    approvedAt: at(1),
    effectiveAt: at(2),
    revokeAt: at(50),
    expiresAt: at(60),
    ...over,
  }) as RequestAnswer;

/**
 * The figures of one grant whose access went at that second; undefined for access that never went.
 */
function figuresOf(goneAt: number | undefined, errors: readonly string[] = [], entriesLeft = 0) {
  const tally = newTally();
  tally.ended.push({ request: grant(), isReturned: false });
  for (const error of errors) tally.fail(error);
  const removals = goneAt === undefined ? [] : [{ principalArn: ROLE, at: at(goneAt) }];
  return loadFigures({ tally, removals, entriesLeft });
}

const failing = (figures: readonly Figure[]) =>
  figures.filter((figure) => !holds(figure)).map(({ name }) => name);

describe("the figures of a load", () => {
  it.each([
    ["a grant whose access went in time", figuresOf(51), []],
    ["access that was there after its end", figuresOf(61), ["late"]],
    ["access that nothing took away", figuresOf(undefined), ["late"]],
    ["a call that failed", figuresOf(51, ["ask 500 x"]), ["errors"]],
    ["an entry that is left", figuresOf(51, [], 1), ["left"]],
    [
      "a load without any grant",
      loadFigures({ tally: newTally(), removals: [], entriesLeft: 0 }),
      ["errors"],
    ],
  ])("After %s the right bounds fail", (_what, figures, expected) => {
    expect(failing(figures)).toEqual(expected);
  });

  it("The figures say how long each took: median, p95 and p99", () => {
    const named = Object.fromEntries(figuresOf(53).map(({ name, value }) => [name, value]));
    expect(named).toMatchObject({ "access.median": 1, "end.median": 3, "end.p99": 3, grants: 1 });
  });

  it("A removal counts for the grant that had access before it, on its own entry", () => {
    const removals = [
      { principalArn: ROLE, at: at(1) },
      { principalArn: roleArnOf(nameOf(1)), at: at(3) },
      { principalArn: ROLE, at: at(9) },
      { principalArn: ROLE, at: at(5) },
    ];
    expect(removalOf({ principalArn: ROLE, effectiveAt: at(2) }, removals)).toBe(at(5));
    expect(removalOf({ principalArn: ROLE, effectiveAt: at(10) }, removals)).toBeUndefined();
  });
});

describe("a life of a load", () => {
  /** Answers each call with the next state. */
  const person = (states: readonly string[], calls: string[]): Person => ({
    async call(operation) {
      calls.push(operation);
      const state = operation === "read" ? states[calls.length - 3] : "pending";
      if (state === "refused") throw new Error("read 503 x");
      return grant({
        id: "1",
        digest: "d",
        state: state as RequestAnswer["state"],
        revokeAt: at(0),
      });
    },
  });

  it.each([
    [["active", "ended"], ["ask", "approve", "read", "read"], 1, []],
    [["failed"], ["ask", "approve", "read"], 0, ["failed: undefined"]],
    [["refused"], ["ask", "approve", "read"], 0, ["read 503 x"]],
  ])("A life of %j is counted as it went", async (states, expected, ended, errors) => {
    const calls: string[] = [];
    const tally = newTally();
    const played = person(states, calls);
    await playLife(played, played, false, tally);
    expect(calls).toEqual(expected);
    expect(tally.ended).toHaveLength(ended);
    expect([...tally.errors.keys()]).toEqual(errors);
  });
});

describe("the policy of a load", () => {
  it("The policy of a load of 200 people is one that can be deployed", () => {
    const policy = parseAccessPolicy(JSON.stringify(crowdPolicy(200)));
    expect(Object.keys(policy.people)).toHaveLength(200);
    expect(policy.rules.map(({ name }) => name)).toEqual(["crowd-edit"]);
  });
});
