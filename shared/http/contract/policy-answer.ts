/** The policy that the broker judges by, as auditors and admins read it: every rule, for everybody. */
import type { Requirement } from "../../domain/requests/request.ts";
import type { AccessRuleAnswer } from "./access-answer.ts";

/** One rule of `access.yaml`. */
export interface PolicyRuleAnswer
  extends Omit<AccessRuleAnswer, "principals" | "requirements" | "agents" | "review"> {
  /** Those who may ask: the people named, and members of any of the groups. */
  readonly who: { readonly people: readonly string[]; readonly groups: readonly string[] };
  /** All must be met, each by different people; empty if the policy itself approves. */
  readonly requirements: readonly Requirement[];
  /** The same for machines, and for whoever asks through an agent. Absent where it makes no difference. */
  readonly agents?: readonly Requirement[];
  readonly review?: Omit<NonNullable<AccessRuleAnswer["review"]>, "people">;
  /** The surfaces on which an approver may decide. */
  readonly decideIn: readonly ("api" | "slack")[];
  /** Whether an approver may let another person decide for them. */
  readonly delegable: boolean;
}

export interface PolicyGroupAnswer {
  readonly name: string;
  readonly people: readonly string[];
  /** They ask, and decide nothing. */
  readonly machines: readonly string[];
}

/** `GET /v1/policy` */
export interface PolicyAnswer {
  /** The hash that audit events name. */
  readonly hash: string;
  /** In the order of `access.yaml`. */
  readonly rules: readonly PolicyRuleAnswer[];
  /** Each group with its members, by name. */
  readonly groups: readonly PolicyGroupAnswer[];
  readonly admins: readonly string[];
  readonly auditors: readonly string[];
}
