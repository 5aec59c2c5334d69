/** The API's answers about access that may be requested under the sample access.yaml. */
import type { AccessAnswer, AccessRuleAnswer } from "../../shared/http/contract/access-answer.ts";
import type { PreviewAllowed, PreviewRefused } from "../../shared/http/contract/answers.ts";
import { ALICE, CLUSTER_ARN } from "./sample-requests.ts";

export const EDIT_RULE: AccessRuleAnswer = {
  rule: "payments-edit",
  clusters: ["prod"],
  access: {
    policies: ["AmazonEKSEditPolicy", "AmazonEKSViewPolicy"],
    namespaces: ["payments-*"],
    wildcards: false,
  },
  duration: {
    max: "4h",
    maxSeconds: 14_400,
    default: "1h",
    defaultSeconds: 3_600,
    minimum: "5m",
    minimumSeconds: 300,
  },
  requirements: [{ groups: ["payments-leads"], count: 1, people: ["bob"] }],
  reason: { minLength: 10, ticket: "^(PAY|INC)-[0-9]+$" },
  breakGlass: false,
  hours: null,
  atMost: null,
  start: { latest: "30d", latestSeconds: 2_592_000 },
  lapse: "1d",
  lapseSeconds: 86_400,
  principals: [ALICE],
};

export const ADMIN_RULE: AccessRuleAnswer = {
  ...EDIT_RULE,
  rule: "payments-admin",
  access: { policies: ["AmazonEKSViewPolicy"], namespaces: ["payments-api"], wildcards: false },
  requirements: [
    { groups: ["payments-leads"], count: 1, people: ["bob"] },
    { groups: ["sre", "platform"], count: 1, people: [] },
  ],
};

export const GROUPS_RULE: AccessRuleAnswer = {
  ...EDIT_RULE,
  rule: "staging-rbac",
  clusters: ["staging"],
  access: { groups: ["eks-admins", "eks-viewers"] },
  reason: { minLength: 1, ticket: null },
};

export const BREAK_GLASS_RULE: AccessRuleAnswer = {
  ...EDIT_RULE,
  rule: "break-glass",
  access: { policies: ["AmazonEKSClusterAdminPolicy"], scope: "cluster" },
  requirements: [],
  reason: { minLength: 1, ticket: null },
  breakGlass: true,
};

export const LENT: AccessAnswer = {
  person: "alice",
  principals: [ALICE],
  clusters: [
    { name: "prod", arn: CLUSTER_ARN },
    { name: "staging", arn: CLUSTER_ARN.replace("prod", "staging") },
  ],
  rules: [EDIT_RULE, ADMIN_RULE, GROUPS_RULE, BREAK_GLASS_RULE],
};

export const ALLOWED: PreviewAllowed = {
  allowed: true,
  rule: "payments-edit",
  cluster: "prod",
  clusterArn: CLUSTER_ARN,
  principalArn: ALICE,
  access: {
    policy: "AmazonEKSEditPolicy",
    scope: { type: "namespace", namespaces: ["payments-api"] },
  },
  duration: "1h",
  durationSeconds: 3_600,
  startsAt: null,
  breakGlass: false,
  hours: null,
  requirements: EDIT_RULE.requirements,
  permits: {
    summary: "AmazonEKSEditPolicy in payments-api",
    rules: [
      {
        apiGroups: [""],
        resources: ["pods", "secrets"],
        nonResourceURLs: [],
        verbs: ["get", "list", "watch"],
      },
      {
        apiGroups: [""],
        resources: ["secrets"],
        nonResourceURLs: [],
        verbs: ["create", "delete", "deletecollection", "patch", "update"],
      },
      {
        apiGroups: [""],
        resources: ["serviceaccounts"],
        nonResourceURLs: [],
        verbs: ["impersonate"],
      },
    ],
    source: "https://docs.aws.amazon.com/eks/latest/userguide/access-policy-permissions.html",
    asOf: "2025-11-06",
    note: null,
  },
  warnings: [{ code: "open-streams", detail: "A stream that is open stays open." }],
};

export const REFUSED: PreviewRefused = {
  allowed: false,
  problem: "policy-denied",
  detail: "No rule allows this. Nothing was stored; change the request.",
  refusals: [
    {
      rule: "payments-edit",
      objections: [
        { code: "too-long", detail: "payments-edit lends for at most 4h." },
        { code: "ticket-missing", detail: "payments-edit requires a ticket in the reason." },
      ],
    },
    {
      rule: "staging-rbac",
      objections: [{ code: "other-cluster", detail: "staging-rbac is for staging, not for prod." }],
    },
  ],
  errors: [],
};
