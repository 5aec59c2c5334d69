/** Notes on the keys about delegations: see `key-notes.ts`. */
export const DELEGATION_NOTES = {
  delegations: {
    description: "Whether people may let others approve for them for a while. Absent, nobody may.",
    default: null,
    examples: [{ allowed: true, longest: "21d" }],
  },
  "delegations.allowed": {
    description: "Set to false, every delegation stops counting at once.",
    examples: [true],
  },
  "delegations.longest": {
    description:
      "The longest delegation, from 1h to 90d. A shorter time counts at once, also for those that exist.",
    default: "21d",
    examples: ["14d"],
  },
  "delegations.to": {
    description: "Who may be a delegate. Absent, everybody in the file may.",
    default: null,
    examples: [{ groups: ["sre"] }],
  },
  "delegations.to.groups": {
    description:
      "A delegate has to be in one of these groups, when the delegation is made and whenever it is used.",
    examples: [["sre"]],
  },
  "rules.*.delegable": {
    description:
      "Set to false, only the approvers themselves decide on requests of the rule, and nobody for them.",
    default: true,
    examples: [false],
  },
} as const;
