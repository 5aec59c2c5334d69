import { type SlackUser, userOf } from "../directory.ts";
import { SlackError } from "../slack-error.ts";
import { type MethodCall, requiredText, type SlackMethod, TIER_4 } from "./method.ts";

/** https://docs.slack.dev/reference/objects/user-object */
export const shownUser = (user: SlackUser) => ({
  id: user.id,
  team_id: user.teamId,
  name: user.name,
  deleted: user.deleted ?? false,
  real_name: user.realName,
  tz: "Europe/Berlin",
  tz_label: "Central European Time",
  tz_offset: 3_600,
  profile: {
    real_name: user.realName,
    display_name: user.name,
    team: user.teamId,
    ...(user.email === undefined ? {} : { email: user.email }),
  },
  is_admin: false,
  is_owner: false,
  is_primary_owner: false,
  is_restricted: user.isRestricted ?? false,
  is_ultra_restricted: user.isUltraRestricted ?? false,
  is_bot: user.isBot ?? false,
  is_app_user: false,
  ...(user.isStranger === undefined ? {} : { is_stranger: user.isStranger }),
  is_email_confirmed: user.email !== undefined,
  updated: 0,
});

/** https://docs.slack.dev/reference/methods/users.info */
function info({ args, slack }: MethodCall) {
  const user = userOf(slack.directory, requiredText(args, "user"));
  if (!user) throw new SlackError("user_not_found");
  return { user: shownUser(user) };
}

/** https://docs.slack.dev/reference/methods/auth.test */
function test({ slack }: MethodCall) {
  const { teamId, teamName, teamDomain, app } = slack.directory;
  return {
    url: `https://${teamDomain}.slack.com/`,
    team: teamName,
    user: app.name,
    team_id: teamId,
    user_id: app.userId,
    bot_id: app.botId,
    is_enterprise_install: false,
  };
}

export const PEOPLE_METHODS: Readonly<Record<string, SlackMethod>> = {
  "users.info": { args: { user: "text" }, limit: TIER_4, run: info },
  // Slack's page says "hundreds of requests per minute".
  "auth.test": { args: {}, limit: { perMinute: 600 }, run: test },
};
