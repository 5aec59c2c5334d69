/** What the keys do that say who approves, and where: see `key-notes.ts`. */
export const APPROVAL_NOTES = {
  "rules.*.approval": {
    description:
      "none, or requirements. Each must be met, by different people; nobody approves their own request.",
    examples: [[{ groups: ["payments-leads"], count: 1 }]],
  },
  "rules.*.approval.*.groups": {
    description: "Groups whose members may approve.",
    examples: [["payments-leads"]],
  },
  "rules.*.approval.*.count": {
    description: "How many of them must approve, 1 to 10.",
    default: 1,
    examples: [2],
  },
  "rules.*.approverMayHoldPrincipal": {
    description: "Lets people approve who list the principal themselves.",
    default: false,
    examples: [true],
  },
  "rules.*.decideIn": {
    description: "Where approvers may decide. A decision elsewhere is refused.",
    default: ["api", "slack"],
    examples: [["api"]],
  },
} as const;
