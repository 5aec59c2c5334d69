/**
 * The people and things of a workspace. While the sandbox runs, only flags change that tests set on
 * people.
 */

export interface SlackUser {
  /** `U…` */
  readonly id: string;
  /** The user's own team; another than the workspace's for people of a shared channel. */
  readonly teamId: string;
  readonly name: string;
  readonly realName: string;
  readonly email?: string;
  /** A deactivated account. */
  readonly deleted?: boolean;
  readonly isBot?: boolean;
  /** A guest: of several channels, or with the narrower flag of one. */
  readonly isRestricted?: boolean;
  readonly isUltraRestricted?: boolean;
  /** A user of another workspace, in no channel that the app can see. */
  readonly isStranger?: boolean;
}

/** The flags that tests may set on a person, over the workspace's first ones. */
export type UserFlags = Partial<
  Pick<
    SlackUser,
    "teamId" | "deleted" | "isBot" | "isRestricted" | "isUltraRestricted" | "isStranger"
  >
>;

/** The directory with what was set of its people. */
export const withFlags = (
  directory: Directory,
  flags: Readonly<Record<string, UserFlags>>,
): Directory => ({
  ...directory,
  users: directory.users.map((user) => ({ ...user, ...flags[user.id] })),
});

interface SlackChannel {
  /** `C…` */
  readonly id: string;
  readonly name: string;
  readonly isPrivate: boolean;
  /** Shared with another organisation by Slack Connect. */
  readonly isShared: boolean;
  readonly isArchived?: boolean;
  readonly members: readonly string[];
}

interface SlackApp {
  /** `A…` */
  readonly id: string;
  readonly botId: string;
  /** The bot's user. */
  readonly userId: string;
  readonly name: string;
  /** The scopes of the bot's token, as the app's manifest has them. */
  readonly scopes: readonly string[];
  /** The events that Slack sends to it. */
  readonly events: readonly string[];
  /** The apps and types of the metadata that it gets events for; `*` for any app. */
  readonly metadataSubscriptions: readonly {
    readonly app: string;
    readonly eventType: string;
  }[];
}

export interface Directory {
  readonly teamId: string;
  readonly teamName: string;
  readonly teamDomain: string;
  readonly app: SlackApp;
  readonly users: readonly SlackUser[];
  readonly channels: readonly SlackChannel[];
  /** Commands that people can type, such as `/access`. */
  readonly commands: readonly string[];
  readonly shortcuts: readonly { readonly callbackId: string; readonly name: string }[];
}

export const userOf = (directory: Directory, id: string): SlackUser | undefined =>
  directory.users.find((user) => user.id === id);

/** The direct messages of a person with the app: `D0001` for `U0001`. */
export const directChannel = (userId: string): string => `D${userId.slice(1)}`;

/** The person whose direct messages a channel holds; undefined for any other channel. */
export const directUser = (directory: Directory, channel: string): SlackUser | undefined =>
  directory.users.find(({ id }) => directChannel(id) === channel);

/** Whether the app can write to that person. Bots and people elsewhere have no direct messages. */
export const canBeWritten = (directory: Directory, user: SlackUser | undefined): boolean =>
  user !== undefined && user.teamId === directory.teamId && !user.deleted && !user.isBot;
