/** What else a policy says of people and clusters, a fact each. */
import { type AccessPolicy, memberOf } from "../../domain/policy/policy.ts";
import { peopleInGroups } from "../../domain/policy/policy-index.ts";
import { approverGroups } from "../../domain/requests/requirement.ts";
import { formatDuration } from "../../domain/values/duration.ts";
import { canDecide } from "../approval-findings.ts";

/** A fact that holds or does not. `of` and `is` mean what the kind says. */
export interface Standing {
  readonly kind: /** `of` may approve requests under the rule `is`. */
    | "approver"
    /** `of` is in a group with the role `is`. */
    | "role"
    /** The identity `of` speaks for `is`. */
    | "identity"
    /** The name `of` means the cluster `is`. */
    | "cluster"
    /** Changes of access entries by `of` are expected. */
    | "expected"
    /** `of` is a key of `slack`, or of a rule's `notify` or `remind`, with the value `is`. */
    | "slack"
    /** People may let others approve for them, for at most `is`; `of` is empty. */
    | "delegations"
    /** Under the rule `of`, people may let others approve for them. */
    | "delegable"
    /** The rule `of` counts approvals of people who hold the principal. */
    | "holders-approve";
  readonly of: string;
  readonly is: string;
}

/** Every fact once, in the order of the file. */
export const standingOf = (policy: AccessPolicy): readonly Standing[] => [
  ...approvers(policy),
  ...roles(policy),
  ...identities(policy),
  ...Object.entries(policy.clusters).map(
    ([of, { arn }]): Standing => ({
      ...{ kind: "cluster", of, is: arn },
    }),
  ),
  ...(policy.expected ?? []).map(
    ({ principal }): Standing => ({
      ...{ kind: "expected", of: principal, is: "" },
    }),
  ),
  ...slackFacts(policy),
  ...delegationFacts(policy),
  ...policy.rules
    .filter(({ approverMayHoldPrincipal }) => approverMayHoldPrincipal)
    .map(({ name }): Standing => ({ kind: "holders-approve", of: name, is: "" })),
];

const approvers = (policy: AccessPolicy): readonly Standing[] =>
  policy.rules.flatMap((rule) => {
    const able = new Set(peopleInGroups(policy, rule.approval.flatMap(approverGroups)));
    return Object.keys(policy.people)
      .filter((name) => able.has(name))
      .flatMap((name) => memberOf(policy, name) ?? [])
      .filter((member) => canDecide(policy, rule, member))
      .map((member): Standing => ({ kind: "approver", of: member.name, is: rule.name }));
  });

const roles = (policy: AccessPolicy): readonly Standing[] =>
  (["admins", "auditors"] as const).flatMap((role) =>
    Object.entries(policy.people)
      .filter(([, { groups }]) => groups.some((group) => policy.roles[role].includes(group)))
      .map(([of]): Standing => ({ kind: "role", of, is: role })),
  );

const identities = ({ people }: AccessPolicy): readonly Standing[] =>
  Object.entries(people).flatMap(
    ([
      is,
      {
        identities: { iam, slack },
      },
    ]) => [...iam, ...slack].map((of): Standing => ({ kind: "identity", of, is })),
  );

/** Nothing is delegable where nobody may delegate. */
function delegationFacts({ delegations, rules }: AccessPolicy): readonly Standing[] {
  if (!delegations) return [];
  const longest = formatDuration(delegations.longestSeconds);
  return [
    { kind: "delegations", of: "", is: longest },
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
