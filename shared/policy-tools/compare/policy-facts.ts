/** Further facts of a policy about people and clusters. */
import { ARCHIVE_BY_DEFAULT } from "../../domain/policy/archive.ts";
import { ownersOf } from "../../domain/policy/machines.ts";
import { type AccessPolicy, isMachine } from "../../domain/policy/policy.ts";
import type { Requirement } from "../../domain/requests/request.ts";
import { formatDuration } from "../../domain/values/duration.ts";
import { approvers, reviewers } from "./approver-facts.ts";
import { outsideFacts } from "./outside-facts.ts";
import { identityFacts, sharedPrincipalFacts, signInFacts } from "./sign-in.ts";

/** A fact that holds or does not. `of` and `is` mean what the kind says. */
export interface PolicyFact {
  readonly kind: /** `of` may approve requests under the rule `is`, where it has several requirements by one of them. */
    | "approver"
    /** `of` decides on no surface of the rule `is`, and may let somebody else approve under it. */
    | "delegator"
    /** `of` may close reviews of break-glass under the rule `is`. */
    | "reviewer"
    /** The audit log of the cluster `of` is read at the end of each grant, at most `is`. */
    | "activity"
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
    /** `of` is a key of `slack` or `notices`, or the `notify` of a person or rule, or its `remind`, with the value `is`. */
    | "slack"
    /** People may let others approve for them, for at most `is`; `of` is empty. */
    | "delegations"
    /** Only members of the groups `of` may decide for others. */
    | "delegates"
    /** `of` is in one of these groups. */
    | "delegate"
    /** Under the rule `of`, people may let others approve for them. */
    | "delegable"
    /** S3 keeps the archive for the days `of` in the mode `is`. */
    | "archive"
    /** The role `of` may read the archive's seals, as a witness. */
    | "witness"
    /** The rule `of` counts approvals of people who hold the principal. */
    | "holders-approve"
    /** A grant to the principal `is`, which several people list, gives `of` access. */
    | "shared-principal"
    /** `of` is a machine, whose owners are `is`. */
    | "machine"
    /** Owners of the machine `of` may approve for it. */
    | "owners-approve"
    /** The rule `of` wants, of machines and of agents, the approval of `is`. */
    | "agents"
    /** The schedule, tracker or person `of` is the one that `is` names, at its service. */
    | "schedule"
    | "tracker"
    | "outside-id";
  readonly of: string;
  readonly is: string;
  /** The groups of the one requirement that an approver may meet. Absent where both rules have one at most. */
  readonly as?: readonly string[];
}

/** A fact, by a text that is the same for the same fact of another policy. */
type KeyedFact = readonly [key: string, fact: PolicyFact];

/**
 * The facts of a policy that may not hold in another, in the order of the file. Their keys are the
 * same in the other.
 */
export const policyFacts = (
  policy: AccessPolicy,
  other: AccessPolicy,
): ReadonlyMap<string, PolicyFact> =>
  new Map([
    ...approvers("approver", policy, other),
    ...approvers("delegator", policy, other),
    ...[
      ...reviewers(policy, other),
      ...roles(policy),
      ...identityFacts(policy),
      ...signInFacts(policy),
      ...sharedPrincipalFacts(policy),
      ...clusterFacts(policy),
      ...(policy.expected ?? []).map(
        ({ principal }): PolicyFact => ({ kind: "expected", of: principal, is: "" }),
      ),
      ...slackFacts(policy),
      ...mediaFacts(policy),
      ...delegationFacts(policy, other),
      ...archiveFacts(policy, other),
      ...policy.rules
        .filter(({ approverMayHoldPrincipal }) => approverMayHoldPrincipal)
        .map(({ name }): PolicyFact => ({ kind: "holders-approve", of: name, is: "" })),
      ...machineFacts(policy),
      ...outsideFacts(policy),
    ].map((fact): KeyedFact => [`${fact.kind}\n${fact.of}\n${fact.is}`, fact]),
  ]);

const clusterFacts = ({ clusters }: AccessPolicy): readonly PolicyFact[] =>
  Object.entries(clusters).flatMap(([of, { arn, activity }]): readonly PolicyFact[] => [
    { kind: "cluster", of, is: arn },
    ...(activity ? [{ kind: "activity", of: arn, is: `${activity.maxScanGb} GB` } as const] : []),
  ]);

const roles = (policy: AccessPolicy): readonly PolicyFact[] =>
  (["admins", "auditors"] as const).flatMap((role) =>
    Object.entries(policy.people)
      .filter(
        ([, person]) =>
          !isMachine(person) && person.groups.some((group) => policy.roles[role].includes(group)),
      )
      .map(([of]): PolicyFact => ({ kind: "role", of, is: role })),
  );

const needText = ({ groups, count, onCall, escalate }: Requirement): string => {
  const later = escalate
    ? `, after ${formatDuration(escalate.afterSeconds)} also of ${escalate.groups.join(" or ")}`
    : "";
  const first = onCall === undefined ? "" : `, first whoever is on call in ${onCall}`;
  return `${count} of ${groups.join(" or ")}${first}${later}`;
};

/** A machine counts by the people who own it, whichever groups they are in. */
const machineFacts = (policy: AccessPolicy): readonly PolicyFact[] => [
  ...Object.entries(policy.people).flatMap(([of, { machine }]): readonly PolicyFact[] => {
    if (!machine) return [];
    const is = ownersOf(policy, of).join(" and ");
    const approve: readonly PolicyFact[] = machine.ownersApprove
      ? [{ kind: "owners-approve", of, is: "" }]
      : [];
    return [{ kind: "machine", of, is }, ...approve];
  }),
  ...policy.rules.flatMap(({ name: of, agents }): readonly PolicyFact[] =>
    (agents ?? []).map((need) => ({
      kind: "agents",
      of,
      is: needText(need),
    })),
  ),
];

/** Nothing is delegable where nobody may delegate. */
function delegationFacts(
  { delegations, rules, people }: AccessPolicy,
  other: AccessPolicy,
): readonly PolicyFact[] {
  if (!delegations) return [];
  const longest = formatDuration(delegations.longestSeconds);
  return [
    { kind: "delegations", of: "", is: longest },
    ...(delegations.toGroups
      ? [{ kind: "delegates", of: delegations.toGroups.join(" or "), is: "" } as const]
      : []),
    // Where only one of the two names groups, that says it all.
    ...Object.entries(other.delegations?.toGroups ? people : {})
      .filter(([, one]) => !isMachine(one) && isOf(one.groups, delegations.toGroups))
      .map(([of]): PolicyFact => ({ kind: "delegate", of, is: "" })),
    ...rules
      .filter(({ delegable, approval }) => delegable && approval.length > 0)
      .map(({ name }): PolicyFact => ({ kind: "delegable", of: name, is: "" })),
  ];
}

const isOf = (groups: readonly string[], some: readonly string[] = []): boolean =>
  groups.some((group) => some.includes(group));

/** Where only one of the two files says it, the other one means the default. */
function archiveFacts({ archive }: AccessPolicy, other: AccessPolicy): readonly PolicyFact[] {
  if (!archive && !other.archive) return [];
  const { mode, days, witnesses = [] } = archive ?? ARCHIVE_BY_DEFAULT;
  return [
    { kind: "archive", of: String(days), is: mode },
    ...witnesses.map((role): PolicyFact => ({ kind: "witness", of: role, is: "" })),
  ];
}

const slackFact = (of: string, is: string): PolicyFact => ({ kind: "slack", of, is });

function slackFacts({ slack, rules }: AccessPolicy): readonly PolicyFact[] {
  return [
    ...(slack?.teams ?? []).map((team) => slackFact("slack.teams", team)),
    ...(["app", "channel", "alarms"] as const).flatMap((key) => {
      const value = slack?.[key];
      return value === undefined ? [] : [slackFact(`slack.${key}`, value)];
    }),
    ...rules.flatMap(({ name, notify: { channel, direct }, remind }) => [
      ...(channel === undefined ? [] : [slackFact(`${name}: notify.channel`, channel)]),
      ...(direct ? [slackFact(`${name}: notify.direct`, "true")] : []),
      ...(remind ? [slackFact(`${name}: remind.after`, formatDuration(remind.afterSeconds))] : []),
      ...(remind ? [slackFact(`${name}: remind.times`, String(remind.times))] : []),
    ]),
  ];
}

const mediaFacts = ({ notices, people }: AccessPolicy): readonly PolicyFact[] => [
  ...Object.entries(notices?.email ?? {}).map(([key, is]) => slackFact(`notices.email.${key}`, is)),
  ...Object.entries(people).flatMap(([name, { notify }]) =>
    notify ? [slackFact(`people.${name}.notify`, notify.join(" and "))] : [],
  ),
];
