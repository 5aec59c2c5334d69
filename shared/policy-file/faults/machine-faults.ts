/** Finds machines that could decide, that nobody answers for, or that a person could pass for. */
import type * as z from "zod/mini";
import {
  isIdentityCenterRole,
  parsePrincipalArn,
  parseSessionArn,
} from "../../domain/values/arn.ts";
import type { AccessPolicyFile } from "../access-policy-file.ts";
import type { FilePerson } from "../people/compile-people.ts";
import type { Fault } from "../yaml/located-yaml.ts";

type File = z.output<typeof AccessPolicyFile>;

/** All faults of machines, in the order of the file. Pure. */
export function machineFaults(file: File): readonly Fault[] {
  const people = Object.entries(file.people);
  const machines = people.filter(([, person]) => isMachine(person));
  if (machines.length === 0) return people.flatMap(keysWithoutKind);
  const deciding = decidingGroups(file);
  return [
    ...people.flatMap(keysWithoutKind),
    ...machines.flatMap(([name, machine]) => [
      ...ownerFaults(name, machine, file),
      ...groupFaults(name, machine, deciding),
      ...identityFaults(name, machine),
      ...sharedFaults(name, machine, file),
    ]),
  ];
}

const isMachine = ({ kind }: FilePerson): boolean => kind === "machine";

function keysWithoutKind([name, person]: readonly [string, FilePerson]): readonly Fault[] {
  if (isMachine(person)) return [];
  return (["owners", "ownersApprove"] as const).flatMap((key) =>
    person[key] === undefined
      ? []
      : [
          {
            path: ["people", name, key],
            detail: `Only a machine has ${key}. Write kind: machine, or leave the key out.`,
          },
        ],
  );
}

function ownerFaults(name: string, { owners }: FilePerson, { people }: File): readonly Fault[] {
  const next =
    "Write owners, such as [payments-leads]: they get its messages, and may end its access.";
  if (!owners)
    return [{ path: ["people", name], key: true, detail: `${name} has no owners. ${next}` }];
  const hasPerson = Object.values(people).some(
    (person) => !isMachine(person) && person.groups?.some((group) => owners.includes(group)),
  );
  return hasPerson
    ? []
    : [
        {
          path: ["people", name, "owners"],
          detail: `No person is in any of these groups. ${next}`,
        },
      ];
}

/** The groups whose members decide or administer, with the words for what they do. */
function decidingGroups({ rules, roles, delegations }: File): ReadonlyMap<string, string> {
  const deciding = new Map<string, string>();
  const add = (groups: readonly string[] | undefined, what: string) => {
    for (const group of groups ?? []) if (!deciding.has(group)) deciding.set(group, what);
  };
  add(roles?.admins, "has the role admins");
  add(roles?.auditors, "has the role auditors");
  add(delegations?.to?.groups, "may decide for others");
  for (const { name, approval, agents, review } of rules) {
    for (const need of [...(approval === "none" ? [] : approval), ...(agents?.approve ?? [])])
      add([...need.groups, ...(need.escalate?.groups ?? [])], `approves under ${name}`);
    add(review?.by, `reviews under ${name}`);
  }
  return deciding;
}

const groupFaults = (
  name: string,
  { groups = [] }: FilePerson,
  deciding: ReadonlyMap<string, string>,
): readonly Fault[] =>
  groups.flatMap((group, at) => {
    const what = deciding.get(group);
    return what === undefined
      ? []
      : [
          {
            path: ["people", name, "groups", at],
            detail: `${group} ${what}, and ${name} is a machine, which never does. Put it into a group of its own.`,
          },
        ];
  });

/** Only people are in a directory and in Slack. A machine's messages go to its owners. */
const identityFaults = (name: string, { identities }: FilePerson): readonly Fault[] => [
  ...((identities.slack ?? []).length === 0
    ? []
    : [
        {
          path: ["people", name, "identities", "slack"],
          detail: `${name} is a machine, and a machine acts by the API only. Leave the key out: its owners get its messages.`,
        },
      ]),
  ...(identities.identityCenter === undefined
    ? []
    : [
        {
          path: ["people", name, "identities", "identityCenter"],
          detail: `Users of Identity Center are people, and ${name} is a machine. Name a role that only it uses, in iam.`,
        },
      ]),
];

/** A person who holds the machine's identity or principal could pass for it, or have its access. */
function sharedFaults(name: string, machine: FilePerson, file: File): readonly Fault[] {
  const people = Object.entries(file.people).filter(([, person]) => !isMachine(person));
  const theirs = new Map(
    people.flatMap(([who, person]) =>
      marksOf(person).map(({ mark, arn }) => [mark, { who, arn }] as const),
    ),
  );
  const many = new Set(
    [
      ...(file.identity?.saml?.roles ?? []),
      ...(file.identity?.sourceIdentity?.roles ?? []),
    ].flatMap((arn) => roleMark(arn) ?? []),
  );
  return marksOf(machine).flatMap(({ mark, arn, path }) => {
    const found = theirs.get(mark);
    const isIdentityOfBoth = found?.arn === arn && path[0] === "identities";
    // An identity that two names claim is a fault already.
    if (isIdentityOfBoth && file.people[found.who]?.identities.iam?.includes(arn)) return [];
    const other = found?.who ?? (many.has(mark) ? "many people, as identity says" : undefined);
    return other === undefined
      ? []
      : [
          {
            path: ["people", name, ...path],
            detail: `${other} would also be ${name}, or get what is lent to it. A machine shares no identity and no principal with a person. Give it a role of its own.`,
          },
        ];
  });
}

interface MarkedArn {
  readonly mark: string;
  readonly arn: string;
  /** From the person on. */
  readonly path: readonly PropertyKey[];
}

const marksOf = ({ identities, principals = [] }: FilePerson): readonly MarkedArn[] => [
  ...(identities.iam ?? []).map((arn, at) => ({
    arn,
    mark: roleMark(arn) ?? arn,
    path: ["identities", "iam", at],
  })),
  ...principals.map((arn, at) => ({
    arn,
    mark: roleMark(arn) ?? arn,
    path: ["principals", at],
  })),
];

/** A role and its sessions have one mark, but for Identity Center's roles, which many people take. */
function roleMark(arn: string): string | undefined {
  const role = parsePrincipalArn(arn);
  if (role) return isIdentityCenterRole(role) ? arn : `${role.account}/${role.kind}/${role.name}`;
  const session = parseSessionArn(arn);
  return session && !session.roleName.startsWith("AWSReservedSSO_")
    ? `${session.account}/role/${session.roleName}`
    : undefined;
}
