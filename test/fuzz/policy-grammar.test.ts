/**
 * Whole files and requests at any instant: what the broker allows is what a naive reading of the same
 * file allows. A file that is refused is refused with a line.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { judgeAsk } from "../../shared/domain/policy/judge-ask.ts";
import { memberOf } from "../../shared/domain/policy/policy.ts";
import type { Ask } from "../../shared/domain/requests/ask.ts";
import { plusSeconds } from "../../shared/domain/values/instant.ts";
import { FileFaults } from "../../shared/policy-file/file-fault.ts";
import { parseAccessPolicy } from "../../shared/policy-file/parse-access-policy.ts";
import { anyAsk, anyTimedFile } from "./any-policy.ts";
import { naivelyAllowed, type PolicyFile, type SentBody } from "./naive-policy.ts";
import { fuzzRuns } from "./runs.ts";

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

describe("any access.yaml with any request", () => {
  it("any access.yaml with any request decides as a naive reading of both", () => {
    const counts = { allowed: 0, refused: 0, faulty: 0, timely: 0 };
    fc.assert(
      fc.property(
        anyTimedFile,
        fc.array(asked, { minLength: 12, maxLength: 12 }),
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
          for (const { name, at, ask } of asks) {
            const member = memberOf(policy, name);
            if (!member) throw new Error(`The policy has no ${name}.`);
            const { allowed } = judgeAsk(policy, member, ask, at, undefined);
            const naively = naivelyAllowed(tree as PolicyFile, name, bodyOf(ask), at);
            expect({ name, at, ask, allowed }).toEqual({ name, at, ask, allowed: naively });
            counts[allowed ? "allowed" : "refused"] += 1;
            const { rules } = tree as PolicyFile;
            if (allowed && rules.some((rule) => rule.when ?? rule.start)) counts.timely += 1;
          }
        },
      ),
      fuzzRuns(400),
    );
    // It reaches each kind, or it would prove nothing.
    expect(Object.entries(counts).filter(([, count]) => count < 30)).toEqual([]);
  }, 120_000);
});
