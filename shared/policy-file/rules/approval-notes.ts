/** Notes on the keys that say who approves, and where: see `key-notes.ts`. */
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
  "rules.*.approval.*.escalate": {
    description:
      "A second circle. Its members may approve from the start, and are asked when nobody approved in time.",
    default: null,
    examples: [{ after: "15m", groups: ["sre"] }],
  },
  "rules.*.approval.*.escalate.after": {
    description: "How long after the request they are asked, at least one minute.",
    examples: ["15m"],
  },
  "rules.*.approval.*.escalate.groups": {
    description: "Groups whose members are asked then.",
    examples: [["sre"]],
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
