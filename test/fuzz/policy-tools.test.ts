/** What works on whole policies, at policies and asks of every kind. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { judgeAsk } from "../../shared/domain/policy/judge-ask.ts";
import { memberOf } from "../../shared/domain/policy/policy.ts";
import { checkAccessFile } from "../../shared/policy-tools/check-file.ts";
import { checkPolicy } from "../../shared/policy-tools/check-policy.ts";
import { FINDINGS } from "../../shared/policy-tools/finding.ts";
import { anyAccessFile } from "./any-access-file.ts";
import { ASKED_AT, anyAsk, anyPolicy, anyPolicyText } from "./any-policy.ts";
import { fuzzRuns } from "./runs.ts";

/** The paths of rules that a check calls by a code. */
const rulesWith = (findings: ReturnType<typeof checkPolicy>, code: string) =>
  new Set(findings.filter((each) => each.code === code).map(({ path }) => Number(path[1])));

describe("The check of any policy", () => {
  it("The check of any text ends with findings that stand in the text", () => {
    fc.assert(
      fc.property(fc.oneof(anyAccessFile, anyPolicyText), (text) => {
        const lines = text.split("\n");
        for (const { severity, code, line, column, detail } of checkAccessFile(text)) {
          expect(severity).toBe(FINDINGS[code]);
          expect(detail).toMatch(/\S/);
          expect(line).toBeGreaterThanOrEqual(1);
          expect(line).toBeLessThanOrEqual(lines.length);
          expect(column).toBeLessThanOrEqual((lines[line - 1] ?? "").length + 1);
        }
      }),
      fuzzRuns(300),
    );
  }, 60_000);

  it("A rule that the check calls shadowed or for nobody decides no request that does not name it", () => {
    const counts = { shadowed: 0, nobody: 0, decided: 0 };
    fc.assert(
      fc.property(anyPolicy, fc.array(anyAsk, { minLength: 5, maxLength: 5 }), (policy, asks) => {
        const findings = checkPolicy(policy);
        const shadowed = rulesWith(findings, "rule-shadowed");
        const nobody = rulesWith(findings, "rule-for-nobody");
        counts.shadowed += shadowed.size;
        counts.nobody += nobody.size;
        for (const { name, ask } of asks) {
          const member = memberOf(policy, name);
          if (!member) throw new Error(`The policy has no ${name}.`);
          const judgement = judgeAsk(policy, member, { ...ask, rule: null }, ASKED_AT, undefined);
          if (!judgement.allowed) continue;
          counts.decided += 1;
          const at = policy.rules.indexOf(judgement.rule);
          expect({ at, isFound: shadowed.has(at) || nobody.has(at) }).toEqual({
            at,
            isFound: false,
          });
        }
      }),
      fuzzRuns(600),
    );
    // It reaches each kind, or it would prove nothing.
    expect(Object.entries(counts).filter(([, count]) => count < 100)).toEqual([]);
  }, 60_000);
});
