/** Finds who of the file a directory's users are. Pure. */
import type { FilePerson } from "../../policy-file/people/compile-people.ts";
import type { DirectoryUser } from "./directory-user.ts";

/** A user, and the person of the file who they are; without a name for somebody new. */
export interface Match {
  readonly user: DirectoryUser;
  readonly name?: string;
  readonly person?: FilePerson;
}

/**
 * By the id; and by the user name only where the user or the person has no id. A person is one user's: a second
 * one by name is somebody new.
 */
export function matchUsers(
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
