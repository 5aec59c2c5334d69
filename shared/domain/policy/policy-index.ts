/**
 * An index of the policy, built once. It finds who holds a principal, is in a group or has an
 * identity. It also finds a person's rules. The cost of a lookup depends on its result, and not on
 * the size of the policy.
 */
import { isIdentityCenterRole, parsePrincipalArn, parseSessionArn } from "../values/arn.ts";
import { type AccessPolicy, isMachine, type Member, type Person, type Rule } from "./policy.ts";

interface PolicyIndex {
  /** By IAM identity, and by `roleKey` for roles of which every session is the person. */
  readonly peopleByIdentity: ReadonlyMap<string, readonly string[]>;
  /** By Slack `team/user`. */
  readonly peopleBySlackUser: ReadonlyMap<string, readonly string[]>;
  /** In the order of the file. */
  readonly holders: ReadonlyMap<string, readonly string[]>;
  /** In the order of the file. */
  readonly peopleByGroup: ReadonlyMap<string, readonly string[]>;
  readonly machines: ReadonlySet<string>;
  /** Positions in `policy.rules`. */
  readonly rulesByGroup: ReadonlyMap<string, readonly number[]>;
  readonly rulesByPerson: ReadonlyMap<string, readonly number[]>;
  readonly rulesByName: ReadonlyMap<string, Rule>;
}

/** A policy never changes, so its index is built once and kept as long as the policy. */
const INDEXES = new WeakMap<AccessPolicy, PolicyIndex>();

/** Builds the index now, so that no request waits for it. */
export function indexPolicy(policy: AccessPolicy): void {
  indexOf(policy);
}

function indexOf(policy: AccessPolicy): PolicyIndex {
  const known = INDEXES.get(policy);
  if (known) return known;
  const people = Object.entries(policy.people);
  const rules = [...policy.rules.entries()];
  const index = {
    peopleByIdentity: grouped(people, ([name, person]) => [
      [...person.identities.iam.flatMap(keysOf), ...ownRoleKeys(policy, person)],
      name,
    ]),
    peopleBySlackUser: grouped(people, ([name, { identities }]) => [identities.slack, name]),
    holders: grouped(people, ([name, { principals }]) => [principals, name]),
    peopleByGroup: grouped(people, ([name, { groups }]) => [groups, name]),
    machines: new Set(people.flatMap(([name, person]) => (isMachine(person) ? [name] : []))),
    rulesByGroup: grouped(rules, ([at, { who }]) => [who.groups, at]),
    rulesByPerson: grouped(rules, ([at, { who }]) => [who.people, at]),
    rulesByName: firstByName(policy.rules),
  };
  INDEXES.set(policy, index);
  return index;
}

/** Values by each of their keys, in the order of the entries. A repeated key counts once. */
function grouped<Entry, Value>(
  entries: readonly Entry[],
  read: (entry: Entry) => readonly [readonly string[], Value],
): ReadonlyMap<string, readonly Value[]> {
  const groups = new Map<string, Value[]>();
  for (const entry of entries) {
    const [keys, value] = read(entry);
    for (const key of keys) {
      const group = groups.get(key);
      if (!group) groups.set(key, [value]);
      else if (group.at(-1) !== value) group.push(value);
    }
  }
  return groups;
}

function firstByName(rules: readonly Rule[]): ReadonlyMap<string, Rule> {
  const named = new Map<string, Rule>();
  for (const rule of rules) if (!named.has(rule.name)) named.set(rule.name, rule);
  return named;
}

/** The key for all sessions of a role. No ARN starts like it. */
const roleKey = (account: string, roleName: string) => `role ${account}/${roleName}`;

function keysOf(identity: string): readonly string[] {
  const role = parsePrincipalArn(identity);
  if (role?.kind !== "role" || isIdentityCenterRole(role)) return [identity];
  return [identity, roleKey(role.account, role.name)];
}

/** Every session of the personal role is the person, in the broker's account. */
const ownRoleKeys = ({ identity }: AccessPolicy, { personalRole }: Person): readonly string[] =>
  identity && personalRole !== undefined ? [roleKey(identity.account, personalRole)] : [];

/**
 * Everyone whose identities contain the caller, or whose personal role it is.
 *
 * A session's ARN lacks the role's path, but role names are unique in an account. So a role
 * identity is matched by account and name. For an Identity Center role the identity must include
 * the session name, as `arn:aws:sts::<account>:assumed-role/AWSReservedSSO_…/<session>`.
 */
export function claimantsOf(policy: AccessPolicy, callerArn: string): readonly string[] {
  const { peopleByIdentity } = indexOf(policy);
  const session = parseSessionArn(callerArn);
  const keys = session ? [callerArn, roleKey(session.account, session.roleName)] : [callerArn];
  return [...new Set(keys.flatMap((key) => peopleByIdentity.get(key) ?? []))];
}

/** Everyone who claims one of these Slack identities, each `team/user`. */
export function slackClaimantsOf(
  policy: AccessPolicy,
  identities: readonly string[],
): readonly string[] {
  const { peopleBySlackUser } = indexOf(policy);
  return [...new Set(identities.flatMap((identity) => peopleBySlackUser.get(identity) ?? []))];
}

/** Everyone who holds a principal and may have it elevated, in the order of the file. */
export const holdersOf = (policy: AccessPolicy, principalArn: string): readonly string[] =>
  indexOf(policy).holders.get(principalArn) ?? [];

/** Everyone who is in any of the groups, each once, sorted by name. */
export function peopleInGroups(policy: AccessPolicy, groups: readonly string[]): readonly string[] {
  const { peopleByGroup } = indexOf(policy);
  return [...new Set(groups.flatMap((group) => peopleByGroup.get(group) ?? []))].sort();
}

/** The same without machines: those who may approve, review, administer or own. */
export function decidersInGroups(
  policy: AccessPolicy,
  groups: readonly string[],
): readonly string[] {
  const { machines } = indexOf(policy);
  return peopleInGroups(policy, groups).filter((name) => !machines.has(name));
}

/** The rules that apply to a person, in the order of the file. */
export function rulesFor(
  policy: AccessPolicy,
  { name, groups }: Pick<Member, "name" | "groups">,
): readonly Rule[] {
  const { rulesByGroup, rulesByPerson } = indexOf(policy);
  const lists = [
    rulesByPerson.get(name) ?? [],
    ...groups.map((group) => rulesByGroup.get(group) ?? []),
  ].filter((list) => list.length > 0);
  const [only = []] = lists;
  // Each list is in order already.
  const places = lists.length < 2 ? only : [...new Set(lists.flat())].sort((a, b) => a - b);
  return places.flatMap((place) => policy.rules[place] ?? []);
}

/** The rule of that name; undefined for an unknown name. */
export const ruleNamed = (policy: AccessPolicy, name: string): Rule | undefined =>
  indexOf(policy).rulesByName.get(name);
