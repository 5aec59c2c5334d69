/** A user of a directory such as Identity Center, as it was read, before anything is made of it. */
export interface DirectoryUser {
  /** Identity Center's own id; undefined where an export lacks it. */
  readonly userId?: string;
  /** Empty where the directory has no name. */
  readonly userName: string;
  readonly email?: string;
  readonly isActive: boolean;
  /** The groups by the names that the directory shows. */
  readonly groups: readonly string[];
}

/** The answer of a directory, whole. */
export interface Directory {
  readonly users: readonly DirectoryUser[];
  /** Every group, also one without members. */
  readonly groups: readonly string[];
}

/** A user for people to find again: their name and id. */
export const userText = ({ userName, userId }: DirectoryUser): string =>
  userName === ""
    ? `The user ${userId ?? "without a name and an id"}`
    : `${userName}${userId === undefined ? "" : ` (${userId})`}`;
