import { type Aftermath, REFUSED } from "../../shared/policy-tools/compare/aftermath.ts";
import { comparePolicies } from "../../shared/policy-tools/compare/compare-policies.ts";
import { answer, type Context } from "../context.ts";
import { Failure } from "../failures/failure.ts";
import { aftermathSentences } from "../policy/aftermath-sentences.ts";
import { comparisonMarkdown, comparisonText } from "../policy/comparison-text.ts";
import { readPolicy } from "../policy/read-policy.ts";
import { plain } from "../policy/words.ts";

export interface PolicyDiffOptions {
  readonly format?: "text" | "markdown";
}

/**
 * `timelatch policy diff`: gains and losses of people between two policies. It says what becomes of
 * lent access, and what changes in IAM.
 *
 * @throws Failure `usage`; `faulty` for a policy that is not sound, and for a change that synthesis refuses
 */
export async function policyDiff(
  context: Context,
  before: string,
  after: string,
  { format }: PolicyDiffOptions,
): Promise<void> {
  const comparison = comparePolicies(await readPolicy(before), await readPolicy(after));
  answer(context, comparison, () =>
    format === "markdown"
      ? comparisonMarkdown(comparison)
      : comparisonText(comparison, context.screen.out),
  );
  const refused = comparison.lent.filter(({ kind }) => REFUSED.includes(kind));
  if (refused.length > 0) throw leavesWhileLending(after, refused);
}

const leavesWhileLending = (file: string, refused: readonly Aftermath[]) =>
  new Failure("faulty", "left-while-lending", {
    what: `${file} cannot be deployed over the policy before it.`,
    notDone: "Nothing was changed.",
    findings: aftermathSentences(refused, plain),
    next: [
      "Next: write the cluster again with retired: true, or the name that the deployment had.",
      "It may leave once nothing is lent there: docs/deploy.md",
    ],
  });
