import type { ClusterFacts } from "../clusters/cluster-facts.ts";
import type { DryAsk } from "../requests/ask.ts";
import { type ApproversOf, approversOf } from "./approvers.ts";
import { type AllowedAsk, judgeAsk } from "./judge-ask.ts";
import { type Permits, permitsOf } from "./permits.ts";
import type { AccessPolicy, Member } from "./policy.ts";
import type { RefusedAsk } from "./refused-ask.ts";
import { reviewersOf } from "./review-rights.ts";
import { type Warning, warningsOf } from "./warnings.ts";

export type Preview = PreviewedRequest | RefusedAsk;

/** The request as it would be, with what is good to know before asking. */
interface PreviewedRequest extends AllowedAsk {
  readonly requirements: readonly ApproversOf[];
  /** People who could close its review; empty under a rule that opens no review. */
  readonly reviewers: readonly string[];
  readonly permits: Permits;
  readonly warnings: readonly Warning[];
}

/**
 * The request that an ask would become. Pure.
 *
 * @param now when it is asked
 * @param known as `judgeAsk` takes it
 */
export function previewOf(
  policy: AccessPolicy,
  member: Member,
  ask: DryAsk,
  now: string,
  known: ClusterFacts | undefined,
): Preview {
  const judgement = judgeAsk(policy, member, ask, now, known);
  if (!judgement.allowed) return judgement;
  const { rule, principalArn } = judgement;
  return {
    ...judgement,
    requirements: approversOf(policy, rule, member, [principalArn]),
    reviewers: rule.review ? reviewersOf(policy, rule.review, member, [principalArn]) : [],
    permits: permitsOf(ask.access),
    warnings: warningsOf(policy, member, ask, judgement, known),
  };
}
