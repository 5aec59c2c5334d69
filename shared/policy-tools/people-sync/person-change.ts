/** The changes of a directory to a person who is in the file. Pure. */
import type { FilePerson } from "../../policy-file/people/compile-people.ts";
import type { UsableUser } from "./usable-user.ts";

export interface PersonChange {
  readonly name: string;
  readonly person: FilePerson;
  /** Parts of a sentence about the person: `is now in sre`. */
  readonly details: readonly string[];
}

/** @param user undefined where only the groups of a user can be used */
export function changedPerson(
  name: string,
  person: FilePerson,
  groups: readonly string[],
  user: UsableUser | undefined,
): PersonChange {
  const { groups: _before, ...rest } = person;
  const withGroups = { ...rest, ...(groups.length > 0 ? { groups: [...groups] } : {}) };
  const details = groupDetails(person.groups ?? [], groups);
  if (!user) return { name, person: withGroups, details };
  const before = person.identities.identityCenter;
  const { email, ...center } = user;
  const identityCenter = { ...before, ...center };
  return {
    name,
    person: {
      ...withGroups,
      email,
      identities: { ...person.identities, identityCenter },
    },
    details: [
      ...details,
      ...renamed("the user name", before?.userName, identityCenter.userName),
      ...renamed("the e-mail address", person.email, email),
      ...(before?.userId === undefined && identityCenter.userId !== undefined
        ? [`is pinned to the id ${identityCenter.userId}`]
        : []),
    ],
  };
}

function groupDetails(before: readonly string[], after: readonly string[]): readonly string[] {
  const gained = after.filter((group) => !before.includes(group));
  const lost = before.filter((group) => !after.includes(group));
  return [
    ...(lost.length > 0 ? [`is no longer in ${lost.join(", ")}`] : []),
    ...(gained.length > 0 ? [`is now in ${gained.join(", ")}`] : []),
  ];
}

const renamed = (what: string, before: string | undefined, after: string) =>
  before === after
    ? []
    : [`has ${what} ${after}${before === undefined ? "" : ` (before: ${before})`}`];
