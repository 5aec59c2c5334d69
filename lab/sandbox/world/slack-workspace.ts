/** The sandbox's Slack workspace: `access.yaml` names the same people and channels. */
import type { Directory, SlackUser } from "../slack/directory.ts";

const TEAM = "T0001";
/** Another company, whose people are in a shared channel. */
const OTHER_TEAM = "T0002";

const person = (id: string, name: string): SlackUser => ({
  id,
  teamId: TEAM,
  name,
  realName: `${name.charAt(0).toUpperCase()}${name.slice(1)}`,
  email: `${name}@example.com`,
});

const APP = {
  id: "A0001",
  botId: "B0001",
  userId: "U0100",
  name: "timelatch",
  // As slack/manifest.yaml says: a test compares them.
  scopes: ["commands", "chat:write", "users:read", "metadata.message:read"],
  events: ["app_home_opened", "message_metadata_posted"],
  metadataSubscriptions: [{ app: "*", eventType: "timelatch_message" }],
};

const USERS: readonly SlackUser[] = [
  person("U0001", "alice"),
  person("U0002", "bob"),
  person("U0003", "carol"),
  person("U0004", "dave"),
  person("U0005", "mallory"),
  { ...person("U0006", "gina"), isRestricted: true },
  { id: "U0007", teamId: TEAM, name: "ci-bot", realName: "CI", isBot: true },
  { ...person("U0008", "erin"), deleted: true },
  { id: "U0009", teamId: OTHER_TEAM, name: "frank", realName: "Frank" },
  person("U0010", "heidi"),
  { id: APP.userId, teamId: TEAM, name: APP.name, realName: "Timelatch", isBot: true },
];

const STAFF = ["U0001", "U0002", "U0003", "U0004", "U0005", "U0010"];

export const SLACK_WORKSPACE: Directory = {
  teamId: TEAM,
  teamName: "Example",
  teamDomain: "example",
  app: APP,
  users: USERS,
  channels: [
    {
      id: "C0001",
      name: "access-approvals",
      isPrivate: false,
      isShared: true,
      members: [...STAFF, "U0006", "U0009", APP.userId],
    },
    {
      id: "C0002",
      name: "access-alarms",
      isPrivate: true,
      isShared: false,
      members: [...STAFF, APP.userId],
    },
    // Nobody has invited the app here.
    { id: "C0003", name: "random", isPrivate: false, isShared: false, members: STAFF },
  ],
  commands: ["/access"],
  shortcuts: [{ callbackId: "request_access", name: "Ask for access" }],
};
