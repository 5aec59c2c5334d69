/** The tools for whole policies, with policies and requests of every kind. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { memoryBroker } from "../../lab/fakes/memory-broker.ts";
import { judgeAsk } from "../../shared/domain/policy/judge-ask.ts";
import { memberOf } from "../../shared/domain/policy/policy.ts";
import { checkAccessFile } from "../../shared/policy-tools/check-file.ts";
import { checkPolicy } from "../../shared/policy-tools/check-policy.ts";
import { explain } from "../../shared/policy-tools/explain.ts";
import { FINDINGS } from "../../shared/policy-tools/finding.ts";
import { createRequest } from "../../shared/usecases/requests/create-request.ts";
import { previewRequest } from "../../shared/usecases/requests/preview-request.ts";
import { anyAccessFile } from "./any-access-file.ts";
import { ASKED_AT, anyAsk, anyPolicy, anyPolicyText } from "./any-policy.ts";
import { fuzzRuns, fuzzTime } from "./runs.ts";

fuzzTime(60_000);

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
  });

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
  });
});

describe("The explanation of any ask", () => {
  it("The explanation of any ask is what the broker previews and does", async () => {
    const counts = { allowed: 0, refused: 0 };
    await fc.assert(
      fc.asyncProperty(
        anyPolicy,
        fc.array(anyAsk, { minLength: 3, maxLength: 3 }),
        async (policy, asks) => {
          for (const { name, ask } of asks) {
            const broker = memoryBroker({ policy });
            const { decision, rules } = explain(
              policy,
              broker.actor(name).member,
              ask,
              broker.clock.now(),
            );
            expect(decision).toEqual(await previewRequest(broker.front, broker.actor(name), ask));
            counts[decision.allowed ? "allowed" : "refused"] += 1;
            const created = createRequest(broker.front, broker.actor(name), ask, undefined);
            if (!decision.allowed) {
              await expect(created).rejects.toMatchObject({ code: decision.code });
              continue;
            }
            expect(await created).toMatchObject({ rule: decision.rule.name, requester: name });
            const allowing = rules.filter(({ objections }) => objections.length === 0);
            expect(allowing.map(({ rule }) => rule)).toContain(decision.rule.name);
            if (ask.rule === null) expect(allowing[0]?.rule).toBe(decision.rule.name);
          }
        },
      ),
      fuzzRuns(300),
    );
    for (const count of Object.values(counts)) expect(count).toBeGreaterThan(25);
  });

  it("An explanation without a reason is the one with a reason that every rule accepts", () => {
    fc.assert(
      fc.property(anyPolicy, anyAsk, (policy, { name, ask }) => {
        const member = memberOf(policy, name);
        if (!member) throw new Error(`The policy has no ${name}.`);
        const outcome = (reason: string | null) => {
          const { decision, rules } = explain(policy, member, { ...ask, reason }, ASKED_AT);
          return { rules, decided: decision.allowed ? decision.rule.name : decision.code };
        };
        expect(outcome(null)).toEqual(outcome("INC-4711 stuck rollout"));
      }),
      fuzzRuns(300),
    );
  });
});
