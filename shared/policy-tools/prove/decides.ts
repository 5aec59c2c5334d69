/** People who have a part in approvals: as themselves, or for somebody else. */
import { mayBeDelegate } from "../../domain/policy/delegated.ts";
import { type AccessPolicy, type Member, memberOf, type Rule } from "../../domain/policy/policy.ts";
import { approverGroups } from "../../domain/requests/requirement.ts";
import { groupMembers } from "../group-members.ts";
import { canDecide } from "../rule-approval.ts";
import type { DecidesClaim } from "./claim.ts";
import { isAmong } from "./ways.ts";

/** Somebody who has a part in an approval. */
export interface DecidesBreach {
  readonly kind: "decides";
  readonly person: string;
  readonly rule: string;
  /** The person who delegates to them; undefined where they approve as themselves. */
  readonly delegator: string | undefined;
}

/** The people of the policy whom a claim means. */
export const meantBy = (policy: AccessPolicy, { decides }: DecidesClaim): readonly Member[] =>
  Object.keys(policy.people)
    .flatMap((name) => memberOf(policy, name) ?? [])
    .filter((member) => isAmong(decides, member));

/** @returns undefined where the people whom a claim means decide nothing */
export function decidingOf(policy: AccessPolicy, claim: DecidesClaim): DecidesBreach | undefined {
  for (const member of meantBy(policy, claim))
    for (const rule of policy.rules.filter(({ approval }) => approval.length > 0)) {
      const found = partIn(policy, rule, member);
      if (found) return { kind: "decides", person: member.name, rule: rule.name, ...found };
    }
  return undefined;
}

/** How a person can have a part in approvals of a rule; undefined where they cannot. */
function partIn(
  policy: AccessPolicy,
  rule: Rule,
  member: Member,
): Pick<DecidesBreach, "delegator"> | undefined {
  if (!canDecide(policy, rule, member)) return undefined;
  const approvers = groupMembers(policy, rule.approval.flatMap(approverGroups));
  if (approvers.includes(member.name)) return { delegator: undefined };
  if (!rule.delegable || !mayBeDelegate(policy, member)) return undefined;
  const delegator = approvers.find((name) => name !== member.name);
  return delegator === undefined ? undefined : { delegator };
}
