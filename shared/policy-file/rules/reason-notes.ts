/** Notes on the keys of a rule's `reason`: see `key-notes.ts`. */
export const REASON_NOTES = {
  "rules.*.reason": {
    description: "What a reason must hold.",
    default: {},
    examples: [{ minLength: 10 }],
  },
  "rules.*.reason.minLength": {
    description: "The fewest characters, 0 to 500.",
    default: 0,
    examples: [10],
  },
  "rules.*.reason.ticket": {
    description: "A regular expression that a ticket in the reason matches.",
    default: null,
    examples: ["^(PAY|INC)-[0-9]+$"],
  },
} as const;
