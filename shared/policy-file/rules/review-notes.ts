/** Notes on the keys of a rule's `review`: see `key-notes.ts`. */
export const REVIEW_NOTES = {
  "rules.*.review": {
    description:
      "With breakGlass: who looks at each grant afterwards, and closes its review with a note.",
    default: {},
    examples: [{ by: ["platform"], within: "2d" }],
  },
  "rules.*.review.by": {
    description:
      "Members of any of these groups close it, but never who asked; without it, roles.admins.",
    default: null,
    examples: [["platform"]],
  },
  "rules.*.review.within": {
    description: "How long after the grant's start the review is due.",
    default: "2d",
    examples: ["2d"],
  },
  "rules.*.review.block": {
    description: "Refuses the rule to a person who has an overdue review under it.",
    default: false,
    examples: [true],
  },
} as const;
