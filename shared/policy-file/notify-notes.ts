/** What the keys of a rule's `notify` do: see `key-notes.ts`. */
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
} as const;
