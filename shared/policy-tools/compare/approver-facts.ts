/** People who may approve under a rule, let somebody else approve, or close its reviews, where another policy has others. */
import {
  type AccessPolicy,
  isMachine,
  type Member,
  type Rule,
} from "../../domain/policy/policy.ts";
import { ruleNamed } from "../../domain/policy/policy-index.ts";
import type { Requirement } from "../../domain/requests/request.ts";
import { approverGroups } from "../../domain/requests/requirement.ts";
import { canDelegate } from "../prove/persons.ts";
import { canDecide } from "../rule-approval.ts";
import { askersOf } from "../rule-uses.ts";

/** A fact about a person `of` and a rule `is`, as `PolicyFact` has them. */
interface ApproverFact {
  readonly kind: keyof typeof ABLE | "reviewer";
  readonly of: string;
  readonly is: string;
  readonly as?: readonly string[];
}

/** With a text that is the same for the same fact of another policy. */
type KeyedFact = readonly [key: string, fact: ApproverFact];

/** Requirements with other approvers than in the other policy. A rule may have thousands. */
export const approvers = (
  kind: keyof typeof ABLE,
  policy: AccessPolicy,
  other: AccessPolicy,
): readonly KeyedFact[] =>
  policy.rules.flatMap((rule) => {
    const same = ruleNamed(other, rule.name);
    const isOne = rule.approval.length <= 1 && (same?.approval.length ?? 0) <= 1;
    const others = new Map(keyedNeeds(same?.approval ?? [], rule.approval));
    return keyedNeeds(rule.approval, same?.approval ?? []).flatMap(([key, need]) => {
      const names = approverNames(kind, policy, rule, need);
      const counterpart = others.get(key);
      const theirs = same && counterpart ? approverNames(kind, other, same, counterpart) : [];
      if (isSameList(names, theirs)) return [];
      const as = isOne ? {} : { as: approverGroups(need) };
      return names.map((of): KeyedFact => {
        const fact = { kind, of, is: rule.name, ...as };
        return [`${kind}\n${of}\n${rule.name}\n${key}`, fact];
      });
    });
  });

/**
 * Requirements by a key that their counterparts in the other rule have too. Those of the same
 * groups share one, and the rest pair in their order. So a requirement that moves is no change of
 * people.
 */
function keyedNeeds(
  needs: Rule["approval"],
  others: Rule["approval"],
): readonly (readonly [string, Requirement])[] {
  const textOf = (need: Requirement) => approverGroups(need).toSorted().join(" ");
  const known = new Set(others.map(textOf));
  let rest = 0;
  return needs.map((need) => {
    const text = textOf(need);
    if (known.has(text)) return [`by ${text}`, need] as const;
    rest += 1;
    return [`rest ${rest}`, need] as const;
  });
}

const isSameList = (names: readonly string[], others: readonly string[]): boolean =>
  names.length === others.length && names.every((name, at) => name === others[at]);

/** Everyone in the groups of a requirement who may meet it so, in the order of the file. */
const approverNames = (
  kind: keyof typeof ABLE,
  policy: AccessPolicy,
  rule: Rule,
  need: Requirement,
): readonly string[] =>
  askersOf(policy, { who: { people: [], groups: approverGroups(need) } })
    .filter((member) => !isMachine(member) && ABLE[kind](policy, rule, member))
    .map(({ name }) => name);

/** A person who decides nowhere under a rule counts by a delegate. */
const ABLE = {
  approver: canDecide,
  delegator: (policy: AccessPolicy, rule: Rule, member: Member) =>
    policy.delegations !== undefined &&
    rule.delegable &&
    canDelegate(member) &&
    !canDecide(policy, rule, member),
} as const;

/** Rules whose reviews other people may close in the other policy. */
export const reviewers = (policy: AccessPolicy, other: AccessPolicy): readonly ApproverFact[] =>
  policy.rules.flatMap((rule) => {
    const names = reviewerNames(policy, rule);
    const same = ruleNamed(other, rule.name);
    return isSameList(names, same ? reviewerNames(other, same) : [])
      ? []
      : names.map((of): ApproverFact => ({ kind: "reviewer", of, is: rule.name }));
  });

const reviewerNames = (policy: AccessPolicy, { review }: Rule): readonly string[] =>
  askersOf(policy, { who: { people: [], groups: review?.by ?? [] } })
    .filter((member) => !isMachine(member))
    .map(({ name }) => name);
