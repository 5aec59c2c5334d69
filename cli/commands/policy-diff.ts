import { existsSync } from "node:fs";
import path from "node:path";
import { parsePolicyTests } from "../../shared/policy-file/policy-tests/parse-policy-tests.ts";
import { type Aftermath, REFUSED } from "../../shared/policy-tools/compare/aftermath.ts";
import {
  type ClaimComparison,
  compareClaims,
  NO_CLAIMS,
} from "../../shared/policy-tools/compare/compare-claims.ts";
import { comparePolicies } from "../../shared/policy-tools/compare/compare-policies.ts";
import { answer, type Context } from "../context.ts";
import { Failure } from "../failures/failure.ts";
import { aftermathSentences } from "../policy/aftermath-sentences.ts";
import { comparisonMarkdown, comparisonText } from "../policy/comparison-text.ts";
import { readKeptPolicy, readStrictly } from "../policy/read-policy.ts";
import { plain } from "../policy/words.ts";

export interface PolicyDiffOptions {
  readonly format?: "text" | "markdown";
}

/**
 * `timelatch policy diff`: gains and losses of people between two policies. It says what becomes of
 * lent access, what changes in IAM, and which claims beside the files are gone or other ones.
 *
 * @throws Failure `usage`; `faulty` for a policy that is not sound, and for a change that synthesis refuses
 */
export async function policyDiff(
  context: Context,
  before: string,
  after: string,
  { format }: PolicyDiffOptions,
): Promise<void> {
  const policies = comparePolicies(
    await readKeptPolicy(context, before),
    await readKeptPolicy(context, after),
  );
  const comparison = { ...policies, claims: await comparedClaims(before, after) };
  answer(context, comparison, () =>
    format === "markdown"
      ? comparisonMarkdown(comparison)
      : comparisonText(comparison, context.screen.out),
  );
  const refused = comparison.lent.filter(({ kind }) => REFUSED.includes(kind));
  if (refused.length > 0) throw leavesWhileLending(after, refused);
}

/**
 * Null where nobody knows the claims of one of them: it came by standard input, or has another name and no claims
 * beside it, as a draft has.
 */
async function comparedClaims(before: string, after: string): Promise<ClaimComparison | null> {
  const files = [before, after].map(testsBeside);
  const [was, is] = await Promise.all(
    files.map((file) => (existsSync(file) ? readStrictly(file, parsePolicyTests) : undefined)),
  );
  const isSameName = path.basename(before) === path.basename(after) && before !== "-";
  if ((!was && !is) || (!isSameName && (!was || !is))) return null;
  return compareClaims(was ?? NO_CLAIMS, is ?? NO_CLAIMS);
}

/** `access.test.yaml` beside `access.yaml`. */
const testsBeside = (file: string): string => file.replace(/(\.ya?ml)?$/, ".test$1");

const leavesWhileLending = (file: string, refused: readonly Aftermath[]) =>
  new Failure("faulty", "left-while-lending", {
    what: `${file} cannot be deployed over the policy before it.`,
    notDone: "Nothing was changed.",
    findings: aftermathSentences(refused, plain),
    next: [
      "Next: write the cluster again with retired: true, or the name that the deployment had.",
      "It may leave once nothing is lent there: timelatch docs deploy",
    ],
  });
