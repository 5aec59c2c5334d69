/** Notes on the keys of a rule's `extend`: see `key-notes.ts`. */
export const EXTEND_NOTES = {
  "rules.*.extend": {
    description: "How a grant can be extended; without it, no grant of the rule can.",
    default: null,
    examples: [{ times: 2, total: "8h", approval: "same" }],
  },
  "rules.*.extend.times": {
    description: "How many extensions may follow a grant, one after the other: 1 to 10.",
    default: 1,
    examples: [2],
  },
  "rules.*.extend.total": {
    description: "The longest time from the first start to the last end.",
    examples: ["8h"],
  },
  "rules.*.extend.approval": {
    description: "same: who approves the rule approves its extensions. none: nobody has to.",
    default: "same",
    examples: ["same"],
  },
} as const;
