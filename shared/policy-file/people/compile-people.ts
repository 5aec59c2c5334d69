/** From the people of the file to those of the policy: whose principal is a role of their own. */
import type * as z from "zod/mini";
import {
  personalRoleArn,
  personalRoleName,
  type RolePlace,
} from "../../domain/people/personal-role.ts";
import { personalTrust } from "../../domain/people/personal-trust.ts";
import type { PersonIdentities, PolicyIdentity } from "../../domain/people/sign-in.ts";
import type { Person } from "../../domain/policy/policy.ts";
import { clusterOf } from "../../domain/values/arn.ts";
import { deploymentOf } from "../../domain/values/deployment.ts";
import type { AccessPolicyFile } from "../access-policy-file.ts";
import { compileOutside } from "../schedules-file.ts";
import { compileMachine } from "./machine-file.ts";
import type { PersonFile } from "./person-file.ts";

type File = z.output<typeof AccessPolicyFile>;
export type FilePerson = z.output<typeof PersonFile>;

/** No account: for questions that no account answers differently. */
const NOWHERE: RolePlace = { partition: "aws", account: "000000000000" };

/** The name of the role that the person has, or had when they were called otherwise. */
export const roleNameOf = (name: string, { formerly }: FilePerson, file: File): string =>
  personalRoleName(formerly ?? name, deploymentOf(file));

/** Whether the person gets a role of their own: they ask for it, or nothing else is said. */
export const isPersonal = (person: FilePerson, file: File): boolean =>
  person.principal === "personal" || (person.principals === undefined && signsIn(person, file));

/** Whether a trust policy can tell the person's sessions from those of others. */
export const signsIn = (person: FilePerson, file: File): boolean =>
  personalTrust({
    place: NOWHERE,
    identity: identityIn(file, NOWHERE.account),
    identities: identitiesOf(person),
  }) !== undefined;

/** The accounts of the file's clusters, sorted. */
export const clusterAccounts = ({ clusters }: Pick<File, "clusters">): readonly string[] =>
  [...new Set(Object.values(clusters).map(({ arn }) => clusterOf(arn).account))].sort();

/** The account that the broker is in, as far as the file says it. */
export function brokerAccount(file: File): string | undefined {
  if (file.identity?.account !== undefined) return file.identity.account;
  const [only, ...others] = clusterAccounts(file);
  return others.length === 0 ? only : undefined;
}

/** How everyone signs in, with what is left out. */
export function identityIn({ identity = {} }: File, account: string): PolicyIdentity {
  const { signIn, identityCenter, saml, oidc, accountAccess, sourceIdentity } = identity;
  return {
    account,
    signIn: signIn ?? [account],
    ...(identityCenter
      ? {
          identityCenter: {
            permissionSets: identityCenter.permissionSets ?? [],
            pin: identityCenter.pin ?? "userId",
          },
        }
      : {}),
    ...(saml ? { saml } : {}),
    ...(oidc ? { oidc } : {}),
    ...(accountAccess ? { accountAccess } : {}),
    ...(sourceIdentity ? { sourceIdentity } : {}),
  };
}

const identitiesOf = ({ identities }: FilePerson): PersonIdentities => ({
  ...identities,
  iam: identities.iam ?? [],
  slack: identities.slack ?? [],
});

/** Everyone, and how they sign in where somebody has a personal role, or the file says where the broker is. */
export function compilePeople(file: File): {
  readonly identity?: PolicyIdentity;
  readonly people: Readonly<Record<string, Person>>;
} {
  const placesOf = placesByReach(file);
  const people = Object.fromEntries(
    Object.entries(file.people).map(([name, person]) => [
      name,
      compilePerson(
        name,
        person,
        file,
        isPersonal(person, file) ? placesOf(name, person) : undefined,
      ),
    ]),
  );
  const account = brokerAccount(file);
  const hasRoles = Object.values(people).some(({ personalRole }) => personalRole !== undefined);
  const isNeeded = hasRoles || file.identity?.account !== undefined;
  return { ...(isNeeded && account ? { identity: identityIn(file, account) } : {}), people };
}

/** @param places where a rule reaches the person; undefined without a personal role */
function compilePerson(
  name: string,
  person: FilePerson,
  file: File,
  places: readonly RolePlace[] | undefined,
): Person {
  const named = person.principals ?? [];
  const role = roleNameOf(name, person, file);
  const machine = compileMachine(person);
  const outside = compileOutside(person.outside);
  return {
    email: person.email,
    groups: person.groups ?? [],
    identities: identitiesOf(person),
    principals: [
      ...(places ?? []).map((place) => personalRoleArn(place, role, deploymentOf(file))),
      ...named,
    ],
    ...(places ? { personalRole: role } : {}),
    ...(outside ? { outside } : {}),
    ...(machine ? { machine } : {}),
    ...(person.notify ? { notify: person.notify } : {}),
  };
}

/** Finds the accounts in which rules reach a person. Rules are gone through once. */
function placesByReach({ clusters, rules }: File) {
  const byPerson = new Map<string, Map<string, RolePlace>>();
  const byGroup = new Map<string, Map<string, RolePlace>>();
  const reach = (all: typeof byPerson, name: string, place: RolePlace) =>
    all.set(name, (all.get(name) ?? new Map()).set(place.account, place));
  for (const { who, clusters: named } of rules)
    for (const cluster of named) {
      const place = clusterOf(clusters[cluster]?.arn ?? "");
      for (const name of who.people ?? []) reach(byPerson, name, place);
      for (const name of who.groups ?? []) reach(byGroup, name, place);
    }
  return (name: string, { groups = [] }: FilePerson): readonly RolePlace[] => {
    const found = [byPerson.get(name), ...groups.map((group) => byGroup.get(group))];
    const places = new Map(found.flatMap((one) => [...(one ?? [])]));
    return [...places.values()].toSorted((a, b) => (a.account < b.account ? -1 : 1));
  };
}
