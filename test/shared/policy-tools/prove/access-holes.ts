/** Holes in what a policy lends, and where. */
import { EDIT, type Hole, inNamespaces, one, TEAM } from "./hole.ts";

const ADMIN = { policies: ["AmazonEKSClusterAdminPolicy"], scope: "cluster" };
const CLUSTER_ADMIN = { reach: { cluster: "prod", policy: "AmazonEKSClusterAdminPolicy" } };

/** Holes by the access that is reached, and its place. */
export const ACCESS_HOLES: readonly Hole[] = [
  {
    name: "the named policy itself",
    claim: EDIT,
    hole: one(),
    twin: one({ access: { policies: ["AmazonEKSViewPolicy"], scope: "cluster" } }),
  },
  {
    name: "another policy that permits as much",
    claim: { reach: { cluster: "prod", policy: "AmazonEKSSecretReaderPolicy" } },
    hole: one(),
    twin: one({ access: { policies: ["AmazonEKSViewPolicy"], scope: "cluster" } }),
  },
  {
    name: "two rules that permit as much together",
    claim: { reach: { cluster: "prod", policy: "AmazonEKSAdminViewPolicy" } },
    hole: {
      people: TEAM,
      rules: [
        { access: { policies: ["AmazonEKSViewPolicy"], scope: "cluster" } },
        { access: { policies: ["AmazonEKSAdminViewPolicy"], scope: "cluster" } },
      ],
    },
    twin: {
      people: TEAM,
      rules: [
        { access: { policies: ["AmazonEKSViewPolicy"], scope: "cluster" } },
        { access: { policies: ["AmazonEKSAdminPolicy"], scope: "cluster" } },
      ],
    },
  },
  {
    name: "any of several policies",
    claim: {
      reach: { cluster: "prod", policies: ["AmazonEKSAdminPolicy", "AmazonEKSEditPolicy"] },
    },
    hole: one(),
    twin: one({ access: { policies: ["AmazonEKSViewPolicy"], scope: "cluster" } }),
  },
  {
    name: "any access at all",
    claim: { reach: { cluster: "prod" } },
    hole: one({ access: { groups: ["readers"] } }),
    twin: one({ clusters: ["test"] }),
  },
  {
    name: "a pattern that overlaps the claim's",
    claim: { reach: { cluster: "prod", namespaces: ["payments-*"] } },
    hole: one(inNamespaces("pay*-api")),
    twin: one(inNamespaces("pay-*-api")),
  },
  {
    name: "a namespace within the claim's pattern",
    claim: { reach: { cluster: "prod", namespaces: ["payments-*"] } },
    hole: one(inNamespaces("payments-api")),
    twin: one(inNamespaces("payment-api")),
  },
  {
    name: "the whole cluster covers each namespace",
    claim: { reach: { cluster: "prod", namespaces: ["payments-api"] } },
    hole: one(),
    twin: one(inNamespaces("billing-api")),
  },
  {
    name: "no pattern lends a namespace of Kubernetes itself, and a name does",
    claim: { reach: { cluster: "prod", namespaces: ["kube-*"] } },
    hole: one(inNamespaces("kube-system")),
    twin: one(inNamespaces("*")),
  },
  {
    name: "a pattern lends its names beside those of Kubernetes itself",
    claim: { reach: { cluster: "prod", namespaces: ["k*"] } },
    hole: one(inNamespaces("k*")),
    twin: one(inNamespaces("b*")),
  },
  {
    name: "any of the claim's namespaces",
    claim: { reach: { cluster: "prod", namespaces: ["a", "b-*"] } },
    hole: one(inNamespaces("b-web")),
    twin: one(inNamespaces("b")),
  },
  {
    name: "the other cluster is not meant",
    claim: EDIT,
    hole: one({ clusters: ["test", "prod"] }),
    twin: one({ clusters: ["test"] }),
  },
  {
    name: "a retired cluster lends nothing",
    claim: EDIT,
    hole: one(),
    twin: {
      ...one(),
      more: {
        clusters: {
          prod: { arn: "arn:aws:eks:us-west-2:111122223333:cluster/prod", retired: true },
        },
      },
    },
  },
  {
    name: "creating pods on the whole cluster is a step from cluster admin",
    claim: CLUSTER_ADMIN,
    hole: one(),
    twin: one(inNamespaces("payments-*")),
  },
  {
    name: "creating pods beside Kubernetes' own parts is a step from cluster admin",
    claim: CLUSTER_ADMIN,
    hole: one(inNamespaces("kube-system")),
    twin: one(inNamespaces("system")),
  },
  {
    name: "cluster admin beside Kubernetes' own parts is a step from the claim's namespaces",
    claim: { reach: { ...CLUSTER_ADMIN.reach, namespaces: ["payments-*"] } },
    hole: one({ access: { ...ADMIN, scope: undefined, namespaces: ["kube-system"] } }),
    twin: one({ access: { ...ADMIN, scope: undefined, namespaces: ["billing"] } }),
  },
  {
    name: "a claim that leaves steps out means cluster admin itself",
    claim: { reach: { cluster: "prod", policy: "AmazonEKSClusterAdminPolicy", direct: true } },
    hole: one({ access: ADMIN }),
    twin: one(),
  },
  {
    name: "reading everything is no step to cluster admin",
    claim: CLUSTER_ADMIN,
    hole: one({ access: { policies: ["AmazonEKSAdminPolicy"], scope: "cluster" } }),
    twin: one({ access: { policies: ["AmazonEKSAdminViewPolicy"], scope: "cluster" } }),
  },
  {
    name: "Kubernetes groups count as everything",
    claim: { reach: { cluster: "prod", policy: "AmazonEKSAdminPolicy" } },
    hole: one({ access: { groups: ["readers"] } }),
    twin: one({ access: { groups: ["readers"] }, clusters: ["test"] }),
  },
  {
    name: "a policy that AWS's table lacks counts as everything",
    claim: { reach: { cluster: "prod", policy: "AmazonEKSAdminPolicy" } },
    hole: one({
      access: { policies: ["AmazonEKSNewPolicy"], scope: "cluster" },
      newerPolicies: true,
    }),
    twin: one({
      access: { policies: ["AmazonEKSViewPolicy"], scope: "cluster" },
      newerPolicies: true,
    }),
  },
  {
    name: "only groups that are bounded are left out",
    claim: { reach: { cluster: "prod", policy: "AmazonEKSEditPolicy" } },
    groups: { readers: "AmazonEKSViewPolicy" },
    hole: one({ access: { groups: ["readers", "others"] } }),
    twin: one({ access: { groups: ["readers"] } }),
  },
];
