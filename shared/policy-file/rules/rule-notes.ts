/** Notes on the keys of a rule that have no file of their own. */
import type { KeyNotes } from "../noted.ts";
import { requirementNotes } from "./requirement-file.ts";

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
  "rules.*.who.onCall": {
    description:
      "A schedule. Only those of people and groups may ask who are on call in it, when they ask and when access begins.",
    default: null,
    examples: ["primary"],
  },
  "rules.*.endsWithShift": {
    description:
      "With who.onCall. Access ends with the requester's shift at the latest, as its end was known at the approval.",
    default: false,
    examples: [true],
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
  "rules.*.access": {
    description:
      "What is lent: policies with scope, policies with namespaces, or Kubernetes groups.",
    examples: [{ policies: ["AmazonEKSViewPolicy"], scope: "cluster" }],
  },
  "rules.*.access.policies": {
    description: "EKS access policies. A request asks for one of them.",
    examples: [["AmazonEKSEditPolicy", "AmazonEKSViewPolicy"]],
  },
  "rules.*.access.scope": {
    description:
      "Lends the policies on the whole cluster. A request may name namespaces, kube- ones too, and get less.",
    examples: ["cluster"],
  },
  "rules.*.access.exactly": {
    description: "Refuses requests for namespaces where the rule lends the whole cluster.",
    default: false,
    examples: [true],
  },
  "rules.*.access.namespaces": {
    description:
      "Lends the policies in these namespaces. * matches any characters, but never a kube- namespace.",
    examples: [["payments-*"]],
  },
  "rules.*.access.wildcards": {
    description: "Lets a request ask for a pattern, and not for names only.",
    default: false,
    examples: [true],
  },
  "rules.*.access.groups": {
    description: "Kubernetes groups to lend.",
    examples: [["eks-admins"]],
  },
  "rules.*.approval": {
    description:
      "none, or requirements. Each must be met, by different people; nobody approves their own request.",
    examples: [[{ groups: ["payments-leads"], count: 1 }]],
  },
  ...requirementNotes("rules.*.approval.*"),
  "rules.*.approverMayHoldPrincipal": {
    description: "Lets people approve who list the principal themselves.",
    default: false,
    examples: [true],
  },
  "rules.*.decideIn": {
    description:
      "Where approvers may decide. A decision elsewhere is refused. Without slack, nobody asks for the rule's break-glass in Slack either.",
    default: ["api", "slack"],
    examples: [["api"]],
  },
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
  "rules.*.remind": {
    description:
      "Reminds those who are asked and can still approve. The pauses between reminders double.",
    default: null,
    examples: [{ after: "10m", times: 3 }],
  },
  "rules.*.remind.after": {
    description: "From the request to the first reminder, at least one minute.",
    examples: ["10m"],
  },
  "rules.*.remind.times": {
    description: "How many reminders there are at most, 1 to 10.",
    default: 1,
    examples: [3],
  },
  "rules.*.delegable": {
    description:
      "Set to false, only the approvers themselves decide on requests of the rule, and nobody for them.",
    default: true,
    examples: [false],
  },
} as const satisfies KeyNotes;
