/** Notes on the keys of a rule's `start` and `lapse`: see `key-notes.ts`. */
export const TIMES_NOTES = {
  "rules.*.start": {
    description: "When access may start.",
    default: { latest: "30d" },
    examples: [{ latest: "7d" }],
  },
  "rules.*.start.latest": {
    description: "How far after its request a start may lie, 30d at most.",
    examples: ["7d"],
  },
  "rules.*.lapse": {
    description:
      "How long a request waits for its approvals, from 1m to 7d. Then it is void, and has to be asked again.",
    default: "24h",
    examples: ["2h"],
  },
} as const;
