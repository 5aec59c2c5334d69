/** Notes on the keys of a rule that are no concept of their own: see `key-notes.ts`. */
export const RULE_NOTES = {
  rules: {
    description: "What may be lent. A request needs one rule that allows all of it.",
    examples: [
      [
        {
          name: "view-staging",
          who: { groups: ["payments"] },
          clusters: ["staging"],
          access: { policies: ["AmazonEKSViewPolicy"], scope: "cluster" },
          duration: { max: "8h" },
          approval: "none",
        },
      ],
    ],
  },
  "rules.*.name": {
    description: "The rule's name. It stands on every decision.",
    examples: ["payments-edit"],
  },
  "rules.*.who": {
    description: "Who may ask: people, groups, or both.",
    examples: [{ groups: ["payments"] }],
  },
  "rules.*.who.people": { description: "People by name.", default: [], examples: [["alice"]] },
  "rules.*.who.groups": {
    description: "Members of any of these groups.",
    default: [],
    examples: [["payments"]],
  },
  "rules.*.clusters": { description: "The names of the clusters.", examples: [["prod"]] },
  "rules.*.duration": {
    description: "How long access may last.",
    examples: [{ max: "4h", default: "1h" }],
  },
  "rules.*.duration.max": { description: "The longest duration.", examples: ["4h"] },
  "rules.*.duration.default": {
    description: "The duration that is offered first.",
    default: null,
    examples: ["1h"],
  },
  "rules.*.breakGlass": {
    description:
      "For emergencies: used only as the last choice or by name, and with reserved places.",
    default: false,
    examples: [true],
  },
  "rules.*.newerPolicies": {
    description: "Accepts access policies that are newer than the list that synthesis knows.",
    default: false,
    examples: [true],
  },
  "rules.*.sharedPrincipals": {
    description: "Lends to a principal that several people list. A grant gives all of them access.",
    default: false,
    examples: [true],
  },
  "rules.*.foreignPrincipals": {
    description: "Lends to roles of another account than the cluster's.",
    default: false,
    examples: [true],
  },
} as const;
