/** Asks Slack about the people who act: whether they are full members of an allowed workspace. */
import type { Clock } from "../ports/clock.ts";
import { SlackRefusal } from "./slack-errors.ts";
import type { SlackAnswer, SlackWebApi } from "./slack-web-api.ts";

/** A full member, or why somebody is not one. */
export type Membership = "member" | "deactivated" | "bot" | "guest" | "foreign";

export interface SlackPeople {
  /**
   * The membership of a user, as it is or was up to five minutes ago.
   * @param user `U…` or `W…`
   * @throws SlackBusy, SlackRefusal where Slack does not say
   */
  membershipOf(user: string): Promise<Membership>;
  /** The Enterprise Grid organisation of the user, known and thrown as the membership is; null without one. */
  organisationOf(user: string): Promise<string | null>;
}

interface Known {
  readonly membership: Membership;
  readonly organisation: string | null;
}

/** For this time somebody who was deactivated may still count as a member. */
const CACHE_MS = 300_000;
/** More people than this do not act in five minutes at one function instance. */
const MOST_KEPT = 1_000;

/** Slack knows nobody by that id whom the app may see. */
const NOT_SEEN: ReadonlySet<string> = new Set(["user_not_found", "user_not_visible"]);

/** @param teams the workspaces and organisations of `slack.teams` */
export function slackPeople(api: SlackWebApi, teams: readonly string[], clock: Clock): SlackPeople {
  const kept = new Map<string, { readonly known: Known; readonly untilMs: number }>();

  const asked = async (user: string): Promise<Known> => {
    try {
      return knownIn(await api.call("users.info", { user }), user, teams);
    } catch (error) {
      if (error instanceof SlackRefusal && NOT_SEEN.has(error.code))
        return { membership: "foreign", organisation: null };
      throw error;
    }
  };

  async function knownOf(user: string): Promise<Known> {
    const nowMs = Date.parse(clock.now());
    const before = kept.get(user);
    if (before && nowMs < before.untilMs) return before.known;
    const known = await asked(user);
    if (kept.size >= MOST_KEPT) kept.clear();
    kept.set(user, { known, untilMs: nowMs + CACHE_MS });
    return known;
  }

  return {
    membershipOf: async (user) => (await knownOf(user)).membership,
    organisationOf: async (user) => (await knownOf(user)).organisation,
  };
}

type Json = Readonly<Record<string, unknown>>;
const objectIn = (value: unknown): Json =>
  typeof value === "object" && value !== null ? (value as Json) : {};

/**
 * https://docs.slack.dev/reference/objects/user-object. `is_stranger` is somebody of another
 * workspace; people of a shared channel are known only by their team.
 * @throws SlackRefusal where the answer is of nobody, or of somebody else
 */
function knownIn(answer: SlackAnswer, id: string, teams: readonly string[]): Known {
  const user = objectIn(answer["user"]);
  if (user["id"] !== id) throw new SlackRefusal("users.info", "unknown_answer");
  const organisation = objectIn(user["enterprise_user"])["enterprise_id"];
  const homes = [user["team_id"], organisation].map(String);
  return {
    membership: membershipIn(user, id, homes, teams),
    organisation: typeof organisation === "string" ? organisation : null,
  };
}

function membershipIn(
  user: Json,
  id: string,
  homes: readonly string[],
  teams: readonly string[],
): Membership {
  if (user["is_stranger"] === true || !homes.some((home) => teams.includes(home))) return "foreign";
  if (user["deleted"] === true) return "deactivated";
  if (user["is_bot"] === true || user["is_workflow_bot"] === true || id === "USLACKBOT")
    return "bot";
  if (user["is_restricted"] === true || user["is_ultra_restricted"] === true) return "guest";
  return "member";
}
