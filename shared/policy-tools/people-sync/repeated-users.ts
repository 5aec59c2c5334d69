import { type DirectoryUser, userText } from "./directory-user.ts";

/**
 * Users with an id or a name that is there a second time, without regard to case. It says what to
 * do about each: nobody can say which of them is meant. Pure.
 */
export function repeatedUsers(users: readonly DirectoryUser[]): ReadonlyMap<DirectoryUser, string> {
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
