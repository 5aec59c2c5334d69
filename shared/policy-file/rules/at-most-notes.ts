/** Notes on the keys of a rule's `atMost`: see `key-notes.ts`. */
export const AT_MOST_NOTES = {
  "rules.*.atMost": {
    description:
      "How often a rule with approval: none approves a person's requests by itself. Break-glass is outside of it.",
    default: null,
    examples: [{ times: 5, per: "1d" }],
  },
  "rules.*.atMost.times": {
    description: "The most approvals of one person in each window, 1 to 1,000.",
    examples: [5],
  },
  "rules.*.atMost.per": {
    description:
      "The length of a window, from 1m to 30d. Windows start at multiples of it: those of 1d at midnight in UTC.",
    examples: ["1d"],
  },
} as const;
