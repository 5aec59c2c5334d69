import {
  type AccessPolicy,
  hasRole,
  type Member,
  type PolicyRole,
} from "../../domain/policy/policy.ts";
import type { OwnStop } from "../../domain/stops/own-stop.ts";
import { type StoppedAnswer, stoppedAnswer } from "./stopped-answer.ts";

/** `GET /v1/whoami`: the caller, as the API identified them. */
export interface WhoAmIAnswer {
  /** The name in `access.yaml`. */
  readonly person: string;
  readonly groups: readonly string[];
  readonly roles: readonly PolicyRole[];
  /** The ARN that signed the call, as API Gateway verified it. */
  readonly identityArn: string;
  /** The people for whom the caller may decide now. Only where there are any. */
  readonly decidesFor?: readonly string[];
  /** Only where a suspension or a drain refuses every request of the caller. */
  readonly stopped?: StoppedAnswer;
}

/** Who a caller is, from their entry in the policy and what API Gateway verified. */
export const whoAmIAnswer = (
  policy: AccessPolicy,
  member: Member,
  identityArn: string,
  stop: OwnStop | undefined,
  delegators: readonly Member[],
): WhoAmIAnswer => ({
  person: member.name,
  groups: member.groups,
  roles: (["admins", "auditors"] as const).filter((role) => hasRole(policy, member, role)),
  identityArn,
  ...(delegators.length > 0 ? { decidesFor: delegators.map(({ name }) => name) } : {}),
  ...(stop ? { stopped: stoppedAnswer(stop) } : {}),
});
