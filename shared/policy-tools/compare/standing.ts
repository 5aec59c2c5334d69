/** What else a policy says of people and clusters, a fact each. */
import type { AccessPolicy, Rule } from "../../domain/policy/policy.ts";
import { ruleNamed } from "../../domain/policy/policy-index.ts";
import { approverGroups } from "../../domain/requests/requirement.ts";
import { formatDuration } from "../../domain/values/duration.ts";
import { canDecide } from "../rule-approval.ts";
import { askersOf } from "../rule-uses.ts";
import { identityFacts, signInFacts } from "./sign-in.ts";

/** A fact that holds or does not. `of` and `is` mean what the kind says. */
export interface Standing {
  readonly kind: /** `of` may approve requests under the rule `is`. */
    | "approver"
    /** `of` is in a group with the role `is`. */
    | "role"
    /** The identity `of` speaks for `is`. */
    | "identity"
    /** The personal role `of` is that of `is`. */
    | "personal-role"
    /** `of` is a key of `identity`, with the value `is`. */
    | "sign-in"
    /** The name `of` means the cluster `is`. */
    | "cluster"
    /** Changes of access entries by `of` are expected. */
    | "expected"
    /** `of` is a key of `slack`, or of a rule's `notify` or `remind`, with the value `is`. */
    | "slack"
    /** People may let others approve for them, for at most `is`; `of` is empty. */
    | "delegations"
    /** Only members of the groups `of` may decide for others. */
    | "delegates"
    /** Under the rule `of`, people may let others approve for them. */
    | "delegable"
    /** The rule `of` counts approvals of people who hold the principal. */
    | "holders-approve";
  readonly of: string;
  readonly is: string;
}

/**
 * The facts of a policy that may not hold in another, in the order of the file, by a key that is the
 * same in the other.
 */
export const standingOf = (
  policy: AccessPolicy,
  other: AccessPolicy,
): ReadonlyMap<string, Standing> =>
  new Map(
    [
      ...approvers(policy, other),
      ...roles(policy),
      ...identityFacts(policy),
      ...signInFacts(policy),
      ...Object.entries(policy.clusters).map(
        ([of, { arn }]): Standing => ({ kind: "cluster", of, is: arn }),
      ),
      ...(policy.expected ?? []).map(
        ({ principal }): Standing => ({ kind: "expected", of: principal, is: "" }),
      ),
      ...slackFacts(policy),
      ...delegationFacts(policy),
      ...policy.rules
        .filter(({ approverMayHoldPrincipal }) => approverMayHoldPrincipal)
        .map(({ name }): Standing => ({ kind: "holders-approve", of: name, is: "" })),
    ].map((fact) => [`${fact.kind}\n${fact.of}\n${fact.is}`, fact]),
  );

/** Of rules that have other approvers in the other policy. A rule may have thousands. */
const approvers = (policy: AccessPolicy, other: AccessPolicy): readonly Standing[] =>
  policy.rules.flatMap((rule) => {
    const names = approverNames(policy, rule);
    const same = ruleNamed(other, rule.name);
    const others = same ? approverNames(other, same) : [];
    return names.length === others.length && names.every((name, at) => name === others[at])
      ? []
      : names.map((of): Standing => ({ kind: "approver", of, is: rule.name }));
  });

/** Everyone who may approve under a rule, in the order of the file. */
const approverNames = (policy: AccessPolicy, rule: Rule): readonly string[] =>
  askersOf(policy, { who: { people: [], groups: rule.approval.flatMap(approverGroups) } })
    .filter((member) => canDecide(policy, rule, member))
    .map(({ name }) => name);

const roles = (policy: AccessPolicy): readonly Standing[] =>
  (["admins", "auditors"] as const).flatMap((role) =>
    Object.entries(policy.people)
      .filter(([, { groups }]) => groups.some((group) => policy.roles[role].includes(group)))
      .map(([of]): Standing => ({ kind: "role", of, is: role })),
  );

/** Nothing is delegable where nobody may delegate. */
function delegationFacts({ delegations, rules }: AccessPolicy): readonly Standing[] {
  if (!delegations) return [];
  const longest = formatDuration(delegations.longestSeconds);
  return [
    { kind: "delegations", of: "", is: longest },
    ...(delegations.toGroups
      ? [{ kind: "delegates", of: delegations.toGroups.join(" or "), is: "" } as const]
      : []),
    ...rules
      .filter(({ delegable, approval }) => delegable && approval.length > 0)
      .map(({ name }): Standing => ({ kind: "delegable", of: name, is: "" })),
  ];
}

function slackFacts({ slack, rules }: AccessPolicy): readonly Standing[] {
  const fact = (of: string, is: string): Standing => ({ kind: "slack", of, is });
  return [
    ...(slack?.teams ?? []).map((team) => fact("slack.teams", team)),
    ...(["app", "channel", "alarms"] as const).flatMap((key) => {
      const value = slack?.[key];
      return value === undefined ? [] : [fact(`slack.${key}`, value)];
    }),
    ...rules.flatMap(({ name, notify: { channel, direct }, remind }) => [
      ...(channel === undefined ? [] : [fact(`${name}: notify.channel`, channel)]),
      ...(direct ? [fact(`${name}: notify.direct`, "true")] : []),
      ...(remind ? [fact(`${name}: remind.after`, formatDuration(remind.afterSeconds))] : []),
      ...(remind ? [fact(`${name}: remind.times`, String(remind.times))] : []),
    ]),
  ];
}
