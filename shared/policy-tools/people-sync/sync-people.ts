/**
 * Makes a list of people of a directory and the list that is there. People are matched by their id,
 * so that whoever is renamed keeps their name and their role. Parts written by hand are kept. Pure.
 */
import type { FilePerson } from "../../policy-file/people/compile-people.ts";
import { type Directory, type DirectoryUser, userText } from "./directory-user.ts";
import { joining, type Newcomer } from "./newcomers.ts";
import { changedPerson, type PersonChange } from "./person-change.ts";
import { SyncRefusal } from "./sync-refusal.ts";
import { usableUser } from "./usable-user.ts";

/** People by the name that the file gives them. */
export type FilePeople = Readonly<Record<string, FilePerson>>;

interface Leaver {
  readonly name: string;
  /** `is disabled in the directory` */
  readonly because: string;
}

/** The new list, and what is different in it. */
export interface SyncedPeople {
  readonly people: FilePeople;
  readonly joins: readonly string[];
  readonly leaves: readonly Leaver[];
  readonly changes: readonly PersonChange[];
  /** Users that are not written, or not as the directory has them, each with what to do. */
  readonly leftOut: readonly string[];
}

interface Sync {
  readonly current: FilePeople;
  readonly directory: Directory;
  /** The groups that count, by the name that the directory shows. */
  readonly groups: ReadonlyMap<string, string>;
  /** Names that no newcomer gets: everyone's who has, or had, a personal role. */
  readonly recorded: readonly string[];
  /** Whether only their members are people. */
  readonly membersOnly: boolean;
}

/** The outcome for one user. */
interface Outcome {
  readonly stays?: PersonChange;
  readonly leaves?: Leaver;
  readonly joins?: Newcomer;
  /** The fault of the user, and what to do. */
  readonly fault?: string;
}

export function syncPeople(sync: Sync): SyncedPeople {
  const { current, directory } = sync;
  const twice = repeatedUsers(directory.users);
  const outcomes = matchUsers(current, directory.users).map((match) =>
    outcomeOf(match, twice.get(match.user), sync),
  );
  const stays = outcomes.flatMap((one) => one.stays ?? []);
  const known = new Set(stays.map(({ name }) => name));
  const others = Object.entries(current).filter(
    ([name, person]) => !known.has(name) && !isOfDirectory(person),
  );
  const joined = joining(
    outcomes.flatMap((one) => one.joins ?? []),
    current,
    sync.recorded,
  );
  const people = sorted([
    ...stays.map(({ name, person }) => [name, person] as const),
    ...others,
    ...joined.people,
  ]);
  return {
    people,
    joins: joined.people.map(([name]) => name).toSorted(),
    leaves: leaversOf(current, people, outcomes),
    changes: stays
      .filter(({ details }) => details.length > 0)
      .toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    leftOut: [...outcomes.flatMap(({ fault }) => fault ?? []), ...joined.nameless],
  };
}

function outcomeOf(
  { user, person, name }: Match,
  repeated: string | undefined,
  sync: Sync,
): Outcome {
  const groups = groupsOf(user, sync.groups);
  const known = name !== undefined && person ? { name, person } : undefined;
  // An ambiguous user changes nobody.
  if (repeated !== undefined)
    return { fault: repeated, ...(known ? { stays: { ...known, details: [] } } : {}) };
  const because = whyNot(user, groups, sync);
  if (because !== undefined) return known ? { leaves: { name: known.name, because } } : {};
  const usable = usableUser(user);
  const fault = "fault" in usable ? usable : {};
  if (known) {
    const wanted = "fault" in usable ? undefined : usable;
    return { ...fault, stays: changedPerson(known.name, known.person, groups, wanted) };
  }
  return "fault" in usable ? usable : { joins: { user, usable, groups } };
}

/** A person who stands in the file for another reason is not the directory's to remove. */
const isOfDirectory = ({ identities }: FilePerson): boolean =>
  identities.identityCenter !== undefined;

const groupsOf = ({ groups }: DirectoryUser, names: Sync["groups"]): readonly string[] =>
  [...new Set(groups.flatMap((shown) => names.get(shown) ?? []))].toSorted();

function whyNot(
  user: DirectoryUser,
  groups: readonly string[],
  { membersOnly }: Sync,
): string | undefined {
  if (!user.isActive) return "is disabled in the directory";
  return membersOnly && groups.length === 0 ? "is in none of the groups that count" : undefined;
}

function leaversOf(
  current: FilePeople,
  people: FilePeople,
  outcomes: readonly Outcome[],
): readonly Leaver[] {
  const reasons = new Map(
    outcomes.flatMap(({ leaves }) => (leaves ? [[leaves.name, leaves.because]] : [])),
  );
  return Object.keys(current)
    .filter((name) => !Object.hasOwn(people, name))
    .toSorted()
    .map((name) => ({ name, because: reasons.get(name) ?? "is not in the directory any more" }));
}

const sorted = (people: readonly (readonly [string, FilePerson])[]): FilePeople =>
  Object.fromEntries(people.toSorted(([a], [b]) => (a < b ? -1 : 1)));

/** A user, and the person of the file who they are; without a name for somebody new. */
interface Match {
  readonly user: DirectoryUser;
  readonly name?: string;
  readonly person?: FilePerson;
}

/**
 * By the id; and by the user name only where the user or the person has no id. A person is one user's: a second
 * one by name is somebody new.
 */
function matchUsers(
  people: Readonly<Record<string, FilePerson>>,
  users: readonly DirectoryUser[],
): readonly Match[] {
  const byId = new Map<string, string>();
  const byName = new Map<string, { readonly name: string; readonly hasId: boolean }>();
  for (const [name, { identities }] of Object.entries(people)) {
    const { userId, userName } = identities.identityCenter ?? {};
    if (userId !== undefined) byId.set(userId.toLowerCase(), name);
    if (userName !== undefined)
      byName.set(userName.toLowerCase(), { name, hasId: userId !== undefined });
  }
  const idOf = ({ userId = "" }: DirectoryUser) => byId.get(userId.toLowerCase());
  const claimed = new Set(users.map(idOf));
  return users.map((user): Match => {
    const namesake = byName.get(user.userName.toLowerCase());
    const isNamesake =
      namesake && (user.userId === undefined || !namesake.hasId) && !claimed.has(namesake.name);
    const name = idOf(user) ?? (isNamesake ? namesake.name : undefined);
    const person = name === undefined ? undefined : people[name];
    return name === undefined || !person ? { user } : { user, name, person };
  });
}

/**
 * Users with an id or a name that is there a second time, without regard to case. It says what to
 * do about each: nobody can say which of them is meant. Pure.
 */
function repeatedUsers(users: readonly DirectoryUser[]): ReadonlyMap<DirectoryUser, string> {
  const ids = Map.groupBy(users, ({ userId }) => userId?.toLowerCase());
  const names = Map.groupBy(users, ({ userName }) => userName.toLowerCase());
  const isTwice = (same: readonly DirectoryUser[] | undefined) => (same?.length ?? 0) > 1;
  return new Map(
    users.flatMap((user): [DirectoryUser, string][] => {
      if (user.userId !== undefined && isTwice(ids.get(user.userId.toLowerCase())))
        return [[user, `${userText(user)} has an id that another user has too. ${ONE}`]];
      if (user.userName !== "" && isTwice(names.get(user.userName.toLowerCase())))
        return [[user, `${userText(user)} has a user name that another user has too. ${ONE}`]];
      return [];
    }),
  );
}

const ONE = "Leave only one of them in the directory or the export.";

/** This many may leave at once however few there are, and this part of many. */
const FEW = 3;
const PART = 0.2;

/**
 * Refuses a list that is probably not whole: a directory that answers nobody, or without many of the people
 * who are there.
 *
 * @throws SyncRefusal
 */
export function refuseManyLeavers(
  current: FilePeople,
  { leaves, people }: Pick<SyncedPeople, "leaves" | "people">,
): void {
  const before = Object.keys(current).length;
  if (leaves.length <= FEW || leaves.length <= before * PART) return;
  const names = leaves.slice(0, FEW).map(({ name }) => name);
  throw new SyncRefusal(
    `${leaves.length} of ${before} people would leave (${names.join(", ")} and ${leaves.length - FEW} more), and ${Object.keys(people).length} would be in the file.`,
    "look whether the directory answered everyone. If they really leave: --allow-removals.",
  );
}
