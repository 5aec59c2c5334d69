/** Notes on the keys of a rule's `notify`: see `key-notes.ts`. */
export const NOTIFY_NOTES = {
  "rules.*.notify": {
    description: "Who gets messages about the rule's requests.",
    default: {},
    examples: [{ channel: "C0003" }],
  },
  "rules.*.notify.channel": {
    description: "The approvers' channel in Slack; without it, the channel of slack.",
    default: null,
    examples: ["C0003"],
  },
  "rules.*.notify.direct": {
    description: "Sends everyone who can decide a message of their own: ten people at most.",
    default: false,
    examples: [true],
  },
  "rules.*.remind": {
    description:
      "Reminds those who are asked and can still approve. The pauses between reminders double.",
    default: null,
    examples: [{ after: "10m", times: 3 }],
  },
  "rules.*.remind.after": {
    description: "From the request to the first reminder, at least one minute.",
    examples: ["10m"],
  },
  "rules.*.remind.times": {
    description: "How many reminders there are at most, 1 to 10.",
    default: 1,
    examples: [3],
  },
} as const;
