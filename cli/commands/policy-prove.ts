import { visible } from "../../shared/domain/values/visible-text.ts";
import { parsePolicyTests } from "../../shared/policy-file/policy-tests/parse-policy-tests.ts";
import { answer, type Context, remark } from "../context.ts";
import { Failure } from "../failures/failure.ts";
import { type ClaimOutcome, claimOutcomes, claimsText } from "../policy/claim-outcomes.ts";
import { heldText, MEANING, meaningText } from "../policy/held-text.ts";
import { keepingPolicies } from "../policy/kept-policy.ts";
import { readStrictly } from "../policy/read-policy.ts";
import { stepText } from "../policy/step-text.ts";
import { policyBeside } from "../policy/tested-policy.ts";
import type { Stream } from "../terminal/screen.ts";
import { wrapLines } from "../terminal/text-layout.ts";

export interface PolicyProveOptions {
  /** The policy, where it is not beside the claims. */
  readonly against?: string;
}

/**
 * `timelatch policy prove`: whether a policy keeps each claim under `never:`, and the commands that break it where
 * it does not.
 *
 * @throws Failure `faulty` where a claim does not hold, or a file is not sound; `usage`
 */
export async function policyProve(
  context: Context,
  file: string,
  options: PolicyProveOptions,
): Promise<void> {
  const policyFile = options.against ?? policyBeside(file);
  const located = await readStrictly(policyFile, keepingPolicies(context.env));
  const tests = await readStrictly(file, parsePolicyTests);
  const outcomes = claimOutcomes(located, tests, context.now());
  const { out } = context.screen;
  answer(context, { file, policy: policyFile, claims: outcomes, ...MEANING }, () =>
    [
      ...outcomes.map((outcome) => outcomeText(file, outcome, out)),
      ...(outcomes.some(({ holds }) => holds)
        ? ["\n", wrapLines(meaningText, out.columns), "\n"]
        : []),
    ].join(""),
  );
  const counts = claimsText(outcomes) || "no claim is under never:";
  if (outcomes.every(({ holds }) => holds)) {
    remark(context, `${visible(file)}: ${counts}.\n`);
    return;
  }
  throw new Failure("faulty", "policy-unproved", {
    what: `${file}: ${counts}.`,
    notDone: "Nothing was changed.",
    next: [
      "Next: correct the policy, or the claim where it means something else: timelatch docs policy.",
    ],
  });
}

function outcomeText(file: string, outcome: ClaimOutcome, out: Stream): string {
  const { name, holds, why, faults, steps } = outcome;
  const mark = holds ? out.paint("green", "✔ holds  ") : out.paint("red", "✘ fails  ");
  const found = faults.map(
    ({ line, column, severity, detail, code }) =>
      `${visible(file)}:${line}:${column}: ${severity}: ${visible(detail)} [${code}]`,
  );
  const text = [...(why === null ? [] : [visible(why)]), ...found, ...heldText(outcome)];
  const below = text.map((one) => indented(wrapLines(one, out.columns - 4), "    "));
  const commands = steps.map((step) => indented(stepText(step, out.columns - 4), "    "));
  return [`${mark}${visible(name)}\n`, ...below, ...commands].join("");
}

const indented = (text: string, by: string): string =>
  `${text
    .split("\n")
    .map((line) => `${by}${line}`)
    .join("\n")}\n`;
