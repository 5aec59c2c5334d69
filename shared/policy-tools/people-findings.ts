/** Groups without people, people without groups, and principals or addresses that people share. */

import { keptByKey } from "../domain/policy/kept.ts";
import { ownersOf } from "../domain/policy/machines.ts";
import { type AccessPolicy, isMachine, type Rule } from "../domain/policy/policy.ts";
import type { Requirement } from "../domain/requests/request.ts";
import { meantText } from "../domain/values/nearest-text.ts";
import { sharedPrincipals, sharedPrincipalText } from "../policy-file/faults/shared-principals.ts";
import { fewNames } from "./few-names.ts";
import type { PolicyFinding } from "./finding.ts";

export const peopleFindings = (policy: AccessPolicy): readonly PolicyFinding[] => [
  ...groupsWithoutPeople(policy),
  ...peopleWithoutGroups(policy),
  ...principalsThatAreShared(policy),
  ...sharedEmails(policy),
  ...ownersWhoApprove(policy),
];

interface Mention {
  readonly group: string;
  readonly path: PolicyFinding["path"];
}

function groupsWithoutPeople(policy: AccessPolicy): readonly PolicyFinding[] {
  const known = new Set(Object.values(policy.people).flatMap(({ groups }) => groups));
  const meant = keptByKey(
    (group: string) => group,
    (group: string) => meantText(group, [...known]),
  );
  return mentionsOf(policy)
    .filter(({ group }) => !known.has(group))
    .map(({ group, path }) => {
      const detail = `Nobody is in the group ${group}.`;
      return { code: "group-without-people", path, detail: `${detail}${meant(group)}` };
    });
}

/** Every place outside of people where the file names a group. */
const mentionsOf = ({ roles, rules, delegations }: AccessPolicy): readonly Mention[] => [
  ...mentions(delegations?.toGroups ?? [], ["delegations", "to", "groups"]),
  ...mentions(roles.admins, ["roles", "admins"]),
  ...mentions(roles.auditors, ["roles", "auditors"]),
  ...rules.flatMap(({ who, approval, agents = [] }, at) => [
    ...mentions(who.groups, ["rules", at, "who", "groups"]),
    ...needMentions(approval, ["rules", at, "approval"]),
    ...needMentions(agents, ["rules", at, "agents", "approve"]),
  ]),
];

const needMentions = (
  needs: readonly Requirement[],
  path: PolicyFinding["path"],
): readonly Mention[] =>
  needs.flatMap(({ groups, escalate }, n) => [
    ...mentions(groups, [...path, n, "groups"]),
    ...mentions(escalate?.groups ?? [], [...path, n, "escalate", "groups"]),
  ]);

const mentions = (groups: readonly string[], path: PolicyFinding["path"]): readonly Mention[] =>
  groups.map((group, at) => ({ group, path: [...path, at] }));

/** Where anybody may be a delegate, whoever is in no group can still approve for somebody who is. */
function peopleWithoutGroups(policy: AccessPolicy): readonly PolicyFinding[] {
  const { people, rules, delegations } = policy;
  const mayBeDelegates = delegations !== undefined && delegations.toGroups === undefined;
  const hasApprovals = ({ approval, agents = [] }: Rule) => approval.length + agents.length > 0;
  if (mayBeDelegates && rules.some((rule) => rule.delegable && hasApprovals(rule))) return [];
  const named = new Set(rules.flatMap(({ who }) => who.people));
  return Object.entries(people)
    .filter(([name, { groups }]) => groups.length === 0 && !named.has(name))
    .map(([name]) => ({
      code: "person-without-group",
      path: ["people", name],
      key: true,
      detail: `${name} is in no group, and no rule names them. They can neither ask nor approve.`,
    }));
}

const principalsThatAreShared = (policy: AccessPolicy): readonly PolicyFinding[] =>
  sharedPrincipals(policy).map((shared) => {
    const [, holder = ""] = shared.holders;
    const at = policy.people[holder]?.principals.indexOf(shared.arn) ?? 0;
    return {
      code: "principal-shared",
      path: ["people", holder, "principals", at],
      detail: sharedPrincipalText(shared),
    };
  });

/** Two names of one person could ask and approve. Mail systems take letters of either case as the same. */
function sharedEmails({ people }: AccessPolicy): readonly PolicyFinding[] {
  const first = new Map<string, string>();
  return Object.entries(people).flatMap(([name, person]): readonly PolicyFinding[] => {
    // A machine has the address of those who look after it.
    if (isMachine(person)) return [];
    const { email } = person;
    const address = email.toLowerCase();
    const other = first.get(address);
    if (other === undefined) first.set(address, name);
    return other === undefined
      ? []
      : [
          {
            code: "email-shared",
            path: ["people", name, "email"],
            detail: `${other} and ${name} have one e-mail address. If they are one person, that person could ask by one name and approve by the other.`,
          },
        ];
  });
}

/** A machine asks by the hands of its owners. So each of them could agree with themselves. */
const ownersWhoApprove = (policy: AccessPolicy): readonly PolicyFinding[] =>
  Object.entries(policy.people).flatMap(([name, { machine }]): readonly PolicyFinding[] =>
    machine?.ownersApprove
      ? [
          {
            code: "owners-approve",
            path: ["people", name, "ownersApprove"],
            detail: `The owners of ${name} may approve what it asks for: ${fewNames(ownersOf(policy, name))}. Each of them could have it ask, and agree. Leave the key out, and name other approvers.`,
          },
        ]
      : [],
  );
