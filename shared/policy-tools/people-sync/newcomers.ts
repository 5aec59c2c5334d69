/** People who are new: what is written of them, and under which name. Pure. */
import type { FilePerson } from "../../policy-file/people/compile-people.ts";
import { type DirectoryUser, userText } from "./directory-user.ts";
import { namesOf } from "./person-names.ts";
import type { UsableUser } from "./usable-user.ts";

export interface Newcomer {
  readonly user: DirectoryUser;
  readonly usable: UsableUser;
  /** By the names of the file. */
  readonly groups: readonly string[];
}

interface Joining {
  readonly people: readonly (readonly [string, FilePerson])[];
  /** People who get no name, and what to do. */
  readonly nameless: readonly string[];
}

/**
 * @param current everyone of now: those who leave too, since a role of that name may still be lent something
 * @param recorded names of earlier people: what is stored names them
 */
export function joining(
  newcomers: readonly Newcomer[],
  current: Readonly<Record<string, FilePerson>>,
  recorded: readonly string[],
): Joining {
  const taken = new Set([
    ...Object.entries(current).flatMap(([name, { formerly = name }]) => [name, formerly]),
    ...recorded,
  ]);
  // The order of a list must not decide who is called what.
  const sorted = newcomers.toSorted((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1));
  const names = namesOf(
    sorted.map(({ usable }) => usable),
    taken,
  );
  const named = sorted.map((newcomer, at) => ({ name: names[at], newcomer }));
  return {
    people: named.flatMap(({ name, newcomer }) =>
      name === undefined ? [] : [[name, personOf(newcomer)] as const],
    ),
    nameless: named.flatMap(({ name, newcomer }) =>
      name === undefined ? [withoutName(newcomer.user)] : [],
    ),
  };
}

const orderOf = ({ usable: { userId, userName } }: Newcomer) => userId ?? userName.toLowerCase();

const personOf = ({ usable, groups }: Newcomer): FilePerson => {
  const { email, ...identityCenter } = usable;
  return {
    email,
    ...(groups.length > 0 ? { groups: [...groups] } : {}),
    identities: { identityCenter },
  };
};

const withoutName = (user: DirectoryUser) =>
  `${userText(user)} has a user name of which no name of their own can be made. Add them to the file by hand, under a name of your choice${user.userId === undefined ? "" : " and with this userId"}.`;
