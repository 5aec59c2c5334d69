/**
 * What each key of `access.yaml` does, by its path: for editors, and for docs/access-yaml.md. A key
 * of every cluster, person or rule has `*` in its path.
 */
import * as z from "zod/mini";
import { ACTIVITY_NOTES } from "./activity-notes.ts";
import { EXPECTED_NOTES } from "./expected-notes.ts";

interface KeyNote {
  readonly description: string;
  /** What holds without the key; absent for a required key. */
  readonly default?: unknown;
  readonly examples: readonly [unknown];
}

const ARN = "arn:aws:iam::111122223333:role/people/alice";

export const KEY_NOTES = {
  version: { description: "The format of this file.", examples: [1] },
  clusters: {
    description: "The clusters, by the name that rules and people use.",
    examples: [{ prod: { arn: "arn:aws:eks:us-west-2:111122223333:cluster/prod" } }],
  },
  "clusters.*.arn": {
    description: "The cluster's ARN.",
    examples: ["arn:aws:eks:us-west-2:111122223333:cluster/prod"],
  },
  "clusters.*.retired": {
    description: "Lends nothing new on the cluster. What is lent there still ends.",
    default: false,
    examples: [true],
  },
  ...ACTIVITY_NOTES,
  people: {
    description:
      "The people, by name. A name appears in requests, in the record and in CloudTrail.",
    examples: [{ alice: { email: "alice@example.com", identities: { iam: [ARN] } } }],
  },
  "people.*.email": { description: "An e-mail address.", examples: ["alice@example.com"] },
  "people.*.groups": {
    description: "Groups of this file. Rules, approvals and roles name them.",
    default: [],
    examples: [["payments"]],
  },
  "people.*.identities": {
    description: "Who someone is. An identity belongs to one person only.",
    examples: [{ iam: [ARN], slack: ["T0001/U0001"] }],
  },
  "people.*.identities.iam": {
    description:
      "IAM roles or users that only this person uses, or one person's Identity Center session, as its whole session ARN.",
    default: [],
    examples: [[ARN]],
  },
  "people.*.identities.slack": {
    description: "Slack users, as team/user.",
    default: [],
    examples: [["T0001/U0001"]],
  },
  "people.*.principals": {
    description: "IAM roles that may be lent access for this person.",
    default: [],
    examples: [[ARN]],
  },
  roles: {
    description: "The groups with a role in the broker.",
    default: {},
    examples: [{ admins: ["platform"] }],
  },
  "roles.admins": {
    description: "Groups whose members may see every request and revoke every grant.",
    default: [],
    examples: [["platform"]],
  },
  "roles.auditors": {
    description: "Groups whose members may read everything and acknowledge findings.",
    default: [],
    examples: [["audit"]],
  },
  slack: {
    description: "Where the broker speaks in Slack. Without it, it sends nothing there.",
    default: null,
    examples: [{ teams: ["T0001"], channel: "C0001", alarms: "C0002" }],
  },
  "slack.teams": {
    description: "Workspaces (T…) and organisations (E…) whose people may use it.",
    examples: [["T0001"]],
  },
  "slack.app": {
    description:
      "The Slack app's id. Calls of other apps are refused; without it, the app is not checked.",
    default: null,
    examples: ["A0001"],
  },
  "slack.channel": {
    description: "The approvers' channel of every rule that names none.",
    examples: ["C0001"],
  },
  "slack.alarms": {
    description: "The channel for alarms: break-glass and findings.",
    examples: ["C0002"],
  },
  ...EXPECTED_NOTES,
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
    description: "Lends the policies on the whole cluster.",
    examples: ["cluster"],
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
  "rules.*.approverMayHoldPrincipal": {
    description: "Lets people approve who list the principal themselves.",
    default: false,
    examples: [true],
  },
  "rules.*.foreignPrincipals": {
    description: "Lends to roles of another account than the cluster's.",
    default: false,
    examples: [true],
  },
  "rules.*.decideIn": {
    description: "Where approvers may decide. A decision elsewhere is refused.",
    default: ["api", "slack"],
    examples: [["api"]],
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
} as const satisfies Readonly<Record<string, KeyNote>>;

/** The schema of a key, with its note as metadata, which `z.toJSONSchema` reads. */
export const key = <Schema extends z.ZodMiniType>(path: keyof typeof KEY_NOTES, schema: Schema) =>
  schema.check(z.meta({ ...KEY_NOTES[path] }) as z.core.$ZodCheck<z.core.output<Schema>>);
