import { comparePolicies } from "../../shared/policy-tools/compare/compare-policies.ts";
import { answer, type Context } from "../context.ts";
import { comparisonMarkdown, comparisonText } from "../policy/comparison-text.ts";
import { readPolicy } from "../policy/read-policy.ts";

export interface PolicyDiffOptions {
  readonly format?: "text" | "markdown";
}

/**
 * `timelatch policy diff`: who gains and who loses what between two policies, and what that does to
 * IAM.
 *
 * @throws Failure `usage`; `faulty` for a policy that is not sound
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
}
