/**
 * Whole files and requests at any instant: what the broker allows is what a naive reading of the same
 * file allows. A file that is refused is refused with a line.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isQuorum } from "../../shared/domain/policy/approval.ts";
import { approversOf } from "../../shared/domain/policy/approvers.ts";
import { automaticLimitOf } from "../../shared/domain/policy/automatic-limit.ts";
import { type AllowedAsk, judgeAsk } from "../../shared/domain/policy/judge-ask.ts";
import { objectionsTo } from "../../shared/domain/policy/objections.ts";
import {
  type AccessPolicy,
  type Member,
  memberOf,
  type Rule,
} from "../../shared/domain/policy/policy.ts";
import type { Ask } from "../../shared/domain/requests/ask.ts";
import { plusSeconds } from "../../shared/domain/values/instant.ts";
import { parseAccessPolicy } from "../../shared/policy-file/parse-access-policy.ts";
import { FileFaults } from "../../shared/policy-file/yaml/file-fault.ts";
import { anyAsk, anyTimedFile, PEOPLE } from "./any-policy.ts";
import {
  naivelyApproved,
  naivelyAutomatic,
  naivelyChosen,
  naivelyInTime,
} from "./naive-decision.ts";
import { naivelyAllowed, type PolicyFile, type SentBody } from "./naive-policy.ts";
import { fuzzAsks, fuzzRuns, fuzzTime } from "./runs.ts";

fuzzTime(120_000);

/** Edges of hours, and around changes of the clocks. */
const MOMENTS = [
  "2026-03-29T00:59:59.999Z",
  "2026-03-29T01:15:00.000Z",
  "2026-10-25T00:30:00.000Z",
  "2026-10-25T01:30:00.000Z",
  "2026-04-04T15:15:00.000Z",
  "2026-09-06T04:00:00.000Z",
  "2026-11-24T06:59:59.999Z",
  "2026-11-24T07:00:00.000Z",
  "2026-11-24T16:59:59.999Z",
  "2026-11-24T17:00:00.000Z",
  "2026-11-28T12:00:00.000Z",
];
const moment = fc
  .tuple(fc.constantFrom(...MOMENTS), fc.constantFrom(0, 0, 1, 900, 7_200, -1))
  .map(([instant, seconds]) => plusSeconds(instant, seconds));
/** Seconds from a request to its start, at and around the limits of rules. */
const ahead = fc.oneof(
  { weight: 4, arbitrary: fc.constant(null) },
  { weight: 1, arbitrary: fc.constantFrom(-1, 0, 60, 7_200, 7_201, 86_400, 86_401, 2_592_000) },
);

const asked = fc.tuple(anyAsk, moment, ahead).map(([{ name, ask }, at, seconds]) => ({
  name,
  at,
  ask: { ...ask, startsAt: seconds === null ? null : plusSeconds(at, seconds) },
}));

/**
 * The approvers of a request and their delay, and the times of its person's further requests under
 * the same rule.
 */
const decided = fc.record({
  approvers: fc.oneof(fc.constant([...PEOPLE]), fc.subarray([...PEOPLE])),
  later: fc.constantFrom(0, 59, 60, 61, 7_200, 7_201, 86_400, 86_401, 604_800, 604_801),
  gaps: fc.array(fc.constantFrom(0, 1, 1_800, 3_600, 86_400, 345_600), {
    minLength: 3,
    maxLength: 6,
  }),
});

const bodyOf = ({ durationSeconds, principalArn, rule, startsAt, ...ask }: Ask): SentBody => ({
  ...ask,
  ...(durationSeconds === null ? {} : { duration: `${durationSeconds}s` }),
  ...(principalArn === null ? {} : { principalArn }),
  ...(rule === null ? {} : { rule }),
  ...(startsAt === null ? {} : { startsAt }),
});

function policyOrFaults(text: string) {
  try {
    return parseAccessPolicy(text);
  } catch (error) {
    if (error instanceof FileFaults) return error;
    throw error;
  }
}

interface Decided {
  readonly approvers: readonly string[];
  readonly later: number;
  readonly gaps: readonly number[];
}

/** The consequences of a rule that allows a request, by the broker's code. */
function followingFrom(
  policy: AccessPolicy,
  member: Member,
  ask: Ask,
  at: string,
  { rule, principalArn }: AllowedAsk,
  { approvers, later, gaps }: Decided,
) {
  const able = approversOf(policy, rule, member, [principalArn]).flatMap(({ people }) => people);
  const counted = approvers.filter((name) => able.includes(name));
  const moments = { askedAt: at, startsAt: null, decidedAt: plusSeconds(at, later) };
  const terms = { ...ask, principalArn, moments };
  return {
    rule: rule.name,
    isApproved: isQuorum(
      rule.approval,
      counted.flatMap((name) => memberOf(policy, name) ?? []),
    ),
    isInTime: !objectionsTo(policy, rule, member, terms).some(({ code }) => code === "lapsed"),
    automatic: automaticOf(rule, member.name, instantsFrom(at, gaps)),
  };
}

/** The times of the first request, and of the others by their gaps in seconds. */
function instantsFrom(at: string, gaps: readonly number[]): readonly string[] {
  let last = at;
  return [
    at,
    ...gaps.map((gap) => {
      last = plusSeconds(last, gap);
      return last;
    }),
  ];
}

/** Counted in windows, as the table does. */
function automaticOf(rule: Rule, person: string, instants: readonly string[]) {
  const counts = new Map<string, number>();
  return instants.map((instant) => {
    const limit = automaticLimitOf(rule, person, instant);
    if (!limit) return true;
    const count = counts.get(limit.from) ?? 0;
    if (count >= limit.times) return false;
    counts.set(limit.from, count + 1);
    return true;
  });
}

/** The same by a naive reading of the file. */
function naivelyFollowing(
  file: PolicyFile,
  name: string,
  body: SentBody,
  at: string,
  principal: string,
  { approvers, later, gaps }: Decided,
) {
  const allowing = file.rules.filter(
    (one) =>
      (body.rule ?? one.name) === one.name &&
      naivelyAllowed(file, name, { ...body, rule: one.name }, at),
  );
  const chosen = naivelyChosen(allowing);
  const rule = file.rules.find((one) => one.name === chosen);
  if (!rule) throw new Error("No rule allows what the broker allows.");
  return {
    rule: rule.name,
    isApproved: naivelyApproved(file, rule, { requester: name, principal }, approvers),
    isInTime: naivelyInTime(rule, later),
    automatic: naivelyAutomatic(rule, instantsFrom(at, gaps)),
  };
}

describe("any access.yaml with any request", () => {
  it("any access.yaml with any request decides as a naive reading of both", () => {
    const counts = {
      allowed: 0,
      refused: 0,
      faulty: 0,
      timely: 0,
      approved: 0,
      unapproved: 0,
      lapsed: 0,
      limited: 0,
    };
    fc.assert(
      fc.property(
        anyTimedFile,
        fc.array(fc.tuple(asked, decided), { minLength: fuzzAsks(12), maxLength: fuzzAsks(12) }),
        ({ tree, isOdd }, asks) => {
          const text = JSON.stringify(tree, null, 2);
          const policy = policyOrFaults(text);
          if (policy instanceof FileFaults) {
            counts.faulty += 1;
            expect(policy.faults).not.toEqual([]);
            for (const { line, column, detail } of policy.faults) {
              expect(line).toBeGreaterThan(1);
              expect(line).toBeLessThanOrEqual(text.split("\n").length);
              expect(column).toBeGreaterThanOrEqual(1);
              expect(detail).toMatch(/\S/);
            }
            return;
          }
          expect(isOdd).toBe(false);
          for (const [{ name, at, ask }, decision] of asks) {
            const member = memberOf(policy, name);
            if (!member) throw new Error(`The policy has no ${name}.`);
            const judged = judgeAsk(policy, member, ask, at, undefined);
            const { allowed } = judged;
            const naively = naivelyAllowed(tree as PolicyFile, name, bodyOf(ask), at);
            expect({ name, at, ask, allowed }).toEqual({ name, at, ask, allowed: naively });
            counts[allowed ? "allowed" : "refused"] += 1;
            const { rules } = tree as PolicyFile;
            if (allowed && rules.some((rule) => rule.when ?? rule.start)) counts.timely += 1;
            if (!judged.allowed) continue;
            const follows = followingFrom(policy, member, ask, at, judged, decision);
            const naive = naivelyFollowing(
              tree as PolicyFile,
              name,
              bodyOf(ask),
              at,
              judged.principalArn,
              decision,
            );
            expect({ name, at, ask, decision, ...follows }).toEqual({
              name,
              at,
              ask,
              decision,
              ...naive,
            });
            if (judged.rule.approval.length > 0)
              counts[follows.isApproved ? "approved" : "unapproved"] += 1;
            if (!follows.isInTime) counts.lapsed += 1;
            if (follows.automatic.includes(false)) counts.limited += 1;
          }
        },
      ),
      fuzzRuns(300),
    );
    // It reaches each kind, or it would prove nothing.
    expect(Object.entries(counts).filter(([, count]) => count < 15)).toEqual([]);
  });
});
