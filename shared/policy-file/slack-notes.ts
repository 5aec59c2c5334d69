/** Notes on the keys of `slack`: see `key-notes.ts`. */
export const SLACK_NOTES = {
  slack: {
    description: "Where the broker speaks in Slack. Without it, it sends nothing there.",
    default: null,
    examples: [{ teams: ["T0001"], channel: "C0001", alarms: "C0002" }],
  },
  "slack.teams": {
    description: "Workspaces (T…) and organisations (E…) whose people may use it.",
    examples: [["T0001"]],
  },
  "slack.app": {
    description:
      "The Slack app's id. Calls of other apps are refused; without it, the app is not checked.",
    default: null,
    examples: ["A0001"],
  },
  "slack.channel": {
    description: "The approvers' channel of every rule that names none.",
    examples: ["C0001"],
  },
  "slack.alarms": {
    description: "The channel for alarms: break-glass and findings.",
    examples: ["C0002"],
  },
} as const;
