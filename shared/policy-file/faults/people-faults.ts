/** Finds what is wrong with people and their personal roles. */
import type * as z from "zod/mini";
import {
  isReservedPath,
  isReservedRoleName,
  LONGEST_PERSON_NAME,
  peoplePath,
  personalRoleName,
} from "../../domain/people/personal-role.ts";
import { personalTrust } from "../../domain/people/personal-trust.ts";
import { LONGEST_TRUST } from "../../domain/people/trust-policy.ts";
import { parsePrincipalArn, parseSessionArn } from "../../domain/values/arn.ts";
import { deploymentOf } from "../../domain/values/deployment.ts";
import type { AccessPolicyFile } from "../access-policy-file.ts";
import {
  brokerAccount,
  clusterAccounts,
  type FilePerson,
  identityIn,
  isPersonal,
  roleNameOf,
  signsIn,
} from "../people/compile-people.ts";
import type { Fault } from "../yaml/located-yaml.ts";
import { foreignLetters, sessionNames } from "./compared-names.ts";

type File = z.output<typeof AccessPolicyFile>;

/** Finds faults of one person. The paths begin at the person; an empty one is about the name. */
type PersonCheck = (name: string, person: FilePerson, file: File) => readonly Fault[];

/** All faults of people, in the order of the file. Pure. */
export function peopleFaults(file: File): readonly Fault[] {
  const people = Object.entries(file.people);
  const personal = people.filter(([, person]) => isPersonal(person, file));
  return [
    ...people.flatMap(([name, person]) =>
      CHECKS.flatMap((check) => check(name, person, file)).map((fault) => located(name, fault)),
    ),
    ...personal.flatMap(([name, person]) =>
      ROLE_CHECKS.flatMap((check) => check(name, person, file)).map((fault) =>
        located(name, fault),
      ),
    ),
    ...sharedRoleNames(personal, file),
    ...accountUnknown(personal, file),
  ];
}

const located = (name: string, fault: Fault): Fault => ({
  ...fault,
  path: ["people", name, ...fault.path],
  ...(fault.path.length === 0 ? { key: true as const } : {}),
});

const CHECKS: readonly PersonCheck[] = [
  reservedRoles,
  sharedRoles,
  unusedFormerly,
  missingSource,
  noWayIn,
];

const ROLE_CHECKS: readonly PersonCheck[] = [
  overlongName,
  sessionNames,
  foreignLetters,
  overlongTrust,
];

/** Nobody but Timelatch names personal roles: whoever could would take somebody else's. */
function reservedRoles(_name: string, { identities, principals = [] }: FilePerson, file: File) {
  const deployment = deploymentOf(file);
  const detail = `Timelatch makes the roles called ${personalRoleName("…", deployment)} and those under ${peoplePath(deployment)}. Write principal: personal for a role of the person's own.`;
  const named = (path: readonly PropertyKey[], arns: readonly string[]) =>
    arns.flatMap((arn, at) =>
      isReserved(arn, deployment) ? [{ path: [...path, at], detail }] : [],
    );
  return [
    ...named(["identities", "iam"], identities.iam ?? []),
    ...named(["principals"], principals),
  ];
}

function isReserved(arn: string, deployment: string): boolean {
  const principal = parsePrincipalArn(arn);
  const role = principal?.kind === "role" ? principal.name : parseSessionArn(arn)?.roleName;
  return (
    (role !== undefined && isReservedRoleName(role, deployment)) ||
    (principal?.kind === "role" && isReservedPath(principal.path, deployment))
  );
}

function unusedFormerly(name: string, person: FilePerson, file: File): readonly Fault[] {
  if (person.formerly === undefined) return [];
  if (person.formerly === name)
    return [{ path: ["formerly"], detail: `${name} has that name now. Leave the key out.` }];
  return isPersonal(person, file)
    ? []
    : [
        {
          path: ["formerly"],
          detail: `It keeps a personal role, and ${name} has none. Leave the key out, or write principal: personal.`,
        },
      ];
}

/** A person's keys for subjects, each of a source that the file must name. */
const SOURCES = ["saml", "oidc", "sourceIdentity"] as const;

function missingSource(_name: string, { identities }: FilePerson, { identity }: File) {
  return SOURCES.filter(
    (key) => identities[key] !== undefined && identity?.[key] === undefined,
  ).map((key) => ({
    path: ["identities", key],
    detail: `Nothing says whose subject it is. Write identity.${key} as well.`,
  }));
}

/** A role that many people take says of nobody who they are. */
function sharedRoles(_name: string, { identities }: FilePerson, { identity }: File) {
  const shared = [...(identity?.saml?.roles ?? []), ...(identity?.sourceIdentity?.roles ?? [])];
  return (identities.iam ?? []).flatMap((arn, at) =>
    shared.includes(arn)
      ? [
          {
            path: ["identities", "iam", at],
            detail:
              "Many people take this role, as identity says. Write what tells one of them from the others: saml or sourceIdentity.",
          },
        ]
      : [],
  );
}

function noWayIn(name: string, person: FilePerson, file: File): readonly Fault[] {
  return person.principal === "personal" && !signsIn(person, file)
    ? [
        {
          path: ["principal"],
          detail: `Nothing tells ${name}'s sessions from those of others, so nobody could use the role. Write identityCenter, saml, oidc, sourceIdentity, or in iam a user or a role that nobody else uses.`,
        },
      ]
    : [];
}

/** IAM's names are unique without regard to case, and people's are in lower case. */
function overlongName(name: string, person: FilePerson): readonly Fault[] {
  const { formerly } = person;
  if ((formerly ?? name).length <= LONGEST_PERSON_NAME) return [];
  return [
    {
      path: formerly === undefined ? [] : ["formerly"],
      detail: `The name of a personal role has room for ${LONGEST_PERSON_NAME} characters of a person's name. Write a shorter name, or name a role of yours in principals.`,
    },
  ];
}

function overlongTrust(name: string, person: FilePerson, file: File): readonly Fault[] {
  const { identities } = person;
  const account = "0".repeat(12);
  const trust = personalTrust({
    // The longest partition's name.
    place: { partition: "aws-us-gov", account },
    identity: identityIn(file, account),
    identities: { ...identities, iam: identities.iam ?? [], slack: [] },
  });
  const length = JSON.stringify(trust ?? {}).length;
  return length <= LONGEST_TRUST
    ? []
    : [
        {
          path: ["identities"],
          detail: `The trust policy of ${name}'s personal role would have ${length} characters. IAM takes ${LONGEST_TRUST}. Name fewer identities, fewer accounts in identity.signIn, or fewer permission sets.`,
        },
      ];
}

function sharedRoleNames(
  personal: readonly (readonly [string, FilePerson])[],
  file: File,
): readonly Fault[] {
  const owner = new Map<string, string>();
  return personal.flatMap(([name, person]) => {
    const role = roleNameOf(name, person, file).toLowerCase();
    const first = owner.get(role);
    owner.set(role, first ?? name);
    if (first === undefined) return [];
    const detail = `${first} has the personal role ${role} already. A role belongs to one person only.`;
    return [
      person.formerly === undefined
        ? { path: ["people", name], detail, key: true as const }
        : { path: ["people", name, "formerly"], detail },
    ];
  });
}

/** Callers come from the broker's account, so it must be known whose personal role there is whose. */
function accountUnknown(
  personal: readonly (readonly [string, FilePerson])[],
  file: File,
): readonly Fault[] {
  const [first] = personal;
  if (!first || brokerAccount(file) !== undefined) return [];
  const accounts = clusterAccounts(file);
  return [
    {
      path: ["people", first[0]],
      key: true,
      detail: `${first[0]} has a personal role, and the account of Timelatch is not known: the clusters are in ${accounts.length === 0 ? "none" : accounts.join(" and ")}. Write identity.account.`,
    },
  ];
}
