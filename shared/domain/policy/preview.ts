import type { ClusterFacts } from "../clusters/cluster-facts.ts";
import type { DryAsk } from "../requests/ask.ts";
import { type ApproversOf, approversOf } from "./approvers.ts";
import { type AllowedAsk, judgeAsk } from "./judge-ask.ts";
import { askedFirstUnder, type KnownOnCall, NOTHING_READ, type Readings } from "./known-on-call.ts";
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

/** The knowledge that a preview is judged by, besides the policy. */
interface KnownToPreview {
  /** As `judgeAsk` takes it. */
  readonly known?: ClusterFacts | undefined;
  readonly onCall?: KnownOnCall;
  readonly readings?: Readings;
}

/**
 * The request that an ask would become. Pure.
 *
 * @param now when it is asked
 * @param what what is known of the cluster, and of who is on call
 */
export function previewOf(
  policy: AccessPolicy,
  member: Member,
  ask: DryAsk,
  now: string,
  { known, onCall, readings }: KnownToPreview,
): Preview {
  const judgement = judgeAsk(policy, member, ask, now, known, onCall);
  if (!judgement.allowed) return judgement;
  const { rule, principalArn } = judgement;
  const { askedFirst = {} } = askedFirstUnder(policy, rule, {
    readings: readings ?? NOTHING_READ,
    member,
    principalArn,
    now,
  });
  return {
    ...judgement,
    requirements: approversOf(policy, rule, member, [principalArn], askedFirst),
    reviewers: rule.review ? reviewersOf(policy, rule.review, member, [principalArn]) : [],
    permits: permitsOf(ask.access),
    warnings: warningsOf(policy, member, ask, judgement, known),
  };
}
