/** How far a chain of grants may be extended, at the edges. */
import { describe, expect, it } from "vitest";
import { aPolicy, aRequest, STAGING, settings, T0 } from "../../../../lab/fakes/builders.ts";
import {
  objectionsToChain,
  secondsLeft,
  untilOf,
} from "../../../../shared/domain/policy/extension.ts";
import { judgeExtension } from "../../../../shared/domain/policy/judge-extension.ts";
import { memberOf, type Rule } from "../../../../shared/domain/policy/policy.ts";
import type { AccessRequest } from "../../../../shared/domain/requests/request.ts";
import { plusSeconds } from "../../../../shared/domain/values/instant.ts";

const HOUR = 3_600;
const at = (seconds: number) => plusSeconds(T0, seconds);
const POLICY = aPolicy();
const [RULE] = POLICY.rules;
if (!RULE) throw new Error("The policy of tests lacks a rule.");
const TOTAL = { times: 2, totalSeconds: 8 * HOUR, approval: "same" } as const;

describe("The end of an extension", () => {
  it("It is its duration after its grant's, rounded down to the granularity", () => {
    expect(untilOf(at(0), 600, 60)).toBe(at(600));
    expect(untilOf(at(30), 600, 60)).toBe(at(600));
    expect(untilOf(at(59), 600, 60)).toBe(at(600));
    expect(untilOf(at(60), 600, 60)).toBe(at(660));
  });

  it("A chain may last for what is left of its total since its first start, and never for less than nothing", () => {
    const left = (expires: number) => secondsLeft(TOTAL, { since: T0, extensions: 0 }, at(expires));
    expect([0, HOUR, 8 * HOUR, 9 * HOUR].map(left)).toEqual([8 * HOUR, 7 * HOUR, 0, 0]);
  });
});

describe("The objections of a rule to a chain", () => {
  const codes = (extensions: number, until: number, rule: Rule = { ...RULE, extend: TOTAL }) =>
    objectionsToChain(rule, { since: T0, extensions }, at(until)).map(({ code }) => code);

  it("It allows this number of extensions and this total time, and no more", () => {
    expect(codes(2, 8 * HOUR)).toEqual([]);
    expect(codes(3, 8 * HOUR)).toEqual(["extended-enough"]);
    expect(codes(2, 8 * HOUR + 1)).toEqual(["total-exceeded"]);
    expect(codes(3, 8 * HOUR + 1)).toEqual(["extended-enough", "total-exceeded"]);
    const { extend: _, ...never } = RULE;
    expect(codes(1, HOUR, never)).toEqual(["not-extendable"]);
  });

  it("It says once, or how often", () => {
    const detail = (times: number) =>
      objectionsToChain(
        { ...RULE, extend: { ...TOTAL, times } },
        { since: T0, extensions: 9 },
        at(1),
      )[0]?.detail;
    expect(detail(1)).toContain("be extended once,");
    expect(detail(2)).toContain("be extended 2 times,");
  });
});

describe("The judgement of an extension", () => {
  const found = memberOf(POLICY, "alice");
  if (!found) throw new Error("There is no alice.");
  const alice = found;
  const grant: AccessRequest = { ...aRequest(), state: "active", approvedAt: T0 };

  function judged(
    ask: { readonly durationSeconds?: number; readonly reason?: string } = {},
    { expires = HOUR, extensions = 0, over = {} as Partial<Rule>, of = grant } = {},
  ) {
    const policy = {
      ...POLICY,
      rules: POLICY.rules.map((rule) => (rule === RULE ? { ...rule, ...over } : rule)),
    };
    return judgeExtension(
      policy,
      settings(),
      alice,
      {
        grant: of,
        expiresAt: at(expires),
        chain: { since: T0, extensions },
        now: at(10),
        known: undefined,
      },
      { durationSeconds: ask.durationSeconds ?? null, reason: ask.reason ?? null },
    );
  }

  it("It lasts as long as was asked for, else as the rule's default, or as is left", () => {
    const seconds = (...asked: Parameters<typeof judged>) => {
      const judgement = judged(...asked);
      return judgement.allowed ? [judgement.durationSeconds, judgement.until] : judgement.code;
    };
    expect(seconds({ durationSeconds: 2 * HOUR })).toEqual([2 * HOUR, at(3 * HOUR)]);
    expect(seconds()).toEqual([HOUR, at(2 * HOUR)]);
    expect(seconds({}, { expires: 7.5 * HOUR })).toEqual([HOUR / 2, at(8 * HOUR)]);
    expect(seconds({ durationSeconds: 2 * HOUR }, { expires: 7.5 * HOUR })).toBe(
      "duration-too-long",
    );
  });

  it("Nothing is left where it would be shorter than the shortest grant", () => {
    const code = (expires: number) => {
      const judgement = judged({}, { expires });
      return judgement.allowed ? judgement.durationSeconds : judgement.code;
    };
    expect(code(8 * HOUR - 300)).toBe(300);
    expect(code(8 * HOUR - 330)).toBe(300);
    expect(code(8 * HOUR - 299)).toBe("policy-denied");
    expect(code(8 * HOUR)).toBe("policy-denied");
  });

  it("A refusal only for the time says how much is left, and any other does not", () => {
    const tooLong = judged({ durationSeconds: 4 * HOUR }, { expires: 6 * HOUR });
    expect(tooLong).toMatchObject({ code: "duration-too-long", facts: { maxSeconds: 2 * HOUR } });
    const both = judged({ durationSeconds: 4 * HOUR }, { expires: 6 * HOUR, extensions: 2 });
    expect(both).toMatchObject({ code: "policy-denied" });
    expect(judged({}, { over: { extend: { ...TOTAL, times: 0 } } })).toMatchObject({
      code: "policy-denied",
    });
  });

  it("Its reason is the grant's, unless another was given", () => {
    expect(judged()).toMatchObject({ allowed: true, reason: grant.reason });
    expect(judged({ reason: "INC-4712 still stuck" })).toMatchObject({
      reason: "INC-4712 still stuck",
    });
    expect(judged({ reason: "short" })).toMatchObject({ allowed: false });
  });

  it("It needs the grant's rule, and the cluster that the name meant then", () => {
    expect(judged({}, { of: { ...grant, rule: "gone" } })).toMatchObject({
      allowed: false,
      detail: expect.stringContaining("no longer has a rule gone"),
    });
    const moved = { ...grant, cluster: { name: "prod", arn: STAGING.arn } };
    expect(judged({}, { of: moved })).toMatchObject({
      allowed: false,
      detail: expect.stringContaining("now means another cluster"),
    });
  });
});
