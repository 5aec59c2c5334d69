import type { ApproversOf } from "./approvers.ts";
import type { Rule } from "./policy.ts";

/** A rule that applies to a person, with the parts that concern them. */
export interface OwnRule {
  readonly rule: Rule;
  /** Names of its clusters, without retired ones. */
  readonly clusters: readonly string[];
  /** The person's principals that it can lend to. */
  readonly principals: readonly string[];
  readonly requirements: readonly ApproversOf[];
  /** The same where an agent asks for the person. Absent where it makes no difference. */
  readonly agents?: readonly ApproversOf[];
  /** People who could close a review, whatever the principal; empty where no review opens. */
  readonly reviewers: readonly string[];
}
