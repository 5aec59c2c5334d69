/** `/_sandbox/users`: what tests read and set of people. The names are those of Slack's user object. */
import { isObject } from "./blocks/check.ts";
import { type UserFlags, userOf } from "./directory.ts";
import { shownUser } from "./methods/users.ts";
import type { SlackContext } from "./state.ts";

type Flag = Exclude<keyof UserFlags, "teamId">;

const FLAGS: Readonly<Record<string, Flag>> = {
  deleted: "deleted",
  is_bot: "isBot",
  is_restricted: "isRestricted",
  is_ultra_restricted: "isUltraRestricted",
  is_stranger: "isStranger",
};

/** The error for invalid flags. */
export class InvalidUser extends Error {
  override readonly name = "InvalidUser";
  constructor(sentence: string) {
    super(`${sentence} Nothing was set.`);
  }
}

export const shownUsers = ({ directory }: SlackContext) => directory.users.map(shownUser);

/** @param body `{"user": "U0002", "deleted": true}` @throws InvalidUser */
export function setUser(slack: SlackContext, body: unknown): void {
  if (!isObject(body)) throw new InvalidUser("The body is a JSON object.");
  const { user: id, team_id: teamId, ...others } = body;
  if (typeof id !== "string" || !userOf(slack.directory, id))
    throw new InvalidUser("user is the id of somebody of the workspace.");
  if (teamId !== undefined && !(typeof teamId === "string" && /^T[A-Z0-9]+$/.test(teamId)))
    throw new InvalidUser("team_id is a team's id.");
  const flags = Object.entries(others).map(([name, value]): [Flag, boolean] => {
    const flag = Object.hasOwn(FLAGS, name) ? FLAGS[name] : undefined;
    if (flag === undefined || typeof value !== "boolean")
      throw new InvalidUser(
        `Besides user and team_id there are ${Object.keys(FLAGS).join(", ")}, each true or false.`,
      );
    return [flag, value];
  });
  slack.store.change((state) => {
    state.userFlags[id] = {
      ...state.userFlags[id],
      ...(teamId === undefined ? {} : { teamId }),
      ...Object.fromEntries(flags),
    };
  });
}

/** Makes everybody again what the workspace began with. */
export const resetUsers = ({ store }: SlackContext): void => {
  store.change((state) => {
    state.userFlags = {};
  });
};
