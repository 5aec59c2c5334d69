/** A policy that does not decide as is expected of it, or breaks a claim, is not deployed. */
import { existsSync } from "node:fs";
import path from "node:path";
import { visible } from "../../shared/domain/values/visible-text.ts";
import { type Context, remark } from "../context.ts";
import { Failure } from "../failures/failure.ts";
import type { WorkingFolder } from "./working-folder.ts";

/** `--without-policy-test` */
export interface ExpectedOptions {
  readonly withoutPolicyTest?: true;
}

/**
 * Tests the policy against the expectations and claims beside it, as `timelatch policy test` does. Without such a file there is
 * nothing to test.
 *
 * @throws Failure `faulty` where an expectation or a claim does not hold, or a file is not sound; `usage` where one cannot be read
 */
export async function demandExpected(
  context: Context,
  { folder, config }: WorkingFolder,
  { withoutPolicyTest }: ExpectedOptions,
): Promise<void> {
  // As `timelatch policy test` finds it.
  const name = config.access.replace(/(\.ya?ml)$/, ".test$1");
  const [policy, file] = [path.join(folder, config.access), path.join(folder, name)];
  if (withoutPolicyTest || file === policy || !existsSync(file)) return;
  const { expectationOutcomes, faultsText, holdingText } = await import(
    "../policy/expectation-outcomes.ts"
  );
  const { claimFindings } = await import("../policy/claim-outcomes.ts");
  const { outcomes, claims } = await expectationOutcomes(file, policy, context.now());
  const failing = outcomes.filter(({ holds }) => !holds);
  const holding = holdingText(outcomes, claims);
  if (failing.length === 0 && claims.every(({ holds }) => holds)) {
    remark(context, `${visible(name)}: ${holding}.\n`);
    return;
  }
  throw new Failure("faulty", "policy-unexpected", {
    what: `${name}: ${holding}.`,
    notDone: "Nothing was synthesized, and nothing was changed in AWS.",
    findings: [
      ...failing.map((outcome) => ({ ...outcome, detail: faultsText(outcome) })),
      ...claimFindings(name, claims).filter(({ severity }) => severity === "error"),
    ].map(({ line, column, detail }) => `${name}:${line}:${column}: ${detail}`),
    next: [
      "Next: correct the policy or what is said of it; timelatch policy explain and policy prove show how it decides.",
      "Deploy it all the same:  timelatch deploy --without-policy-test",
    ],
    facts: { expectations: outcomes, claims },
  });
}
