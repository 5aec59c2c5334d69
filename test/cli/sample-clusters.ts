/** Clusters and standing access as the API answers them. */
import type {
  ClusterAnswer,
  StandingEntryAnswer,
} from "../../shared/http/contract/cluster-answer.ts";
import { fakeApi } from "./fake-terminal.ts";

const ACCOUNT = "111122223333";
export const arnOf = (kind: string, account = ACCOUNT) => `arn:aws:iam::${account}:${kind}`;

export type Setup = NonNullable<NonNullable<ClusterAnswer["setup"]>["cluster"]>;
const SETUP: Setup = {
  createdAt: "2026-11-01T00:00:00.000Z",
  authenticationMode: "API",
  version: "1.34",
  auditLog: true,
};

/** Read whole three minutes ago. */
export const aCluster = (
  changes: Partial<ClusterAnswer> = {},
  setup: Partial<Setup> = {},
): ClusterAnswer => ({
  name: "prod",
  clusterArn: `arn:aws:eks:us-west-2:${ACCOUNT}:cluster/prod-eks`,
  retired: false,
  unread: null,
  setup: { cluster: { ...SETUP, ...setup }, readAt: "2026-11-24T10:01:00.000Z" },
  standing: {
    startedAt: "2026-11-24T10:01:00.000Z",
    completedAt: "2026-11-24T10:02:00.000Z",
    read: 5,
    explained: 2,
  },
  reading: null,
  failure: null,
  grantor: {
    roleArn: arnOf("role/timelatch-grantor"),
    describedAt: "2026-11-24T10:04:00.000Z",
    lends: {
      onCluster: ["AmazonEKSViewPolicy"],
      inNamespaces: [{ policy: "AmazonEKSEditPolicy", namespaces: ["payments-*"] }],
      groups: ["eks-admins"],
    },
  },
  ...changes,
});

export const aStanding = (changes: Partial<StandingEntryAnswer> = {}): StandingEntryAnswer => ({
  principalArn: arnOf("role/people/carol"),
  kind: "ordinary",
  type: "STANDARD",
  username: "carol",
  createdAt: "2026-11-10T00:00:00.000Z",
  tagged: false,
  principal: "exists",
  power: "view",
  policies: [{ policy: "AmazonEKSViewPolicy", power: "view", scope: { type: "cluster" } }],
  groups: [],
  isCut: false,
  readAt: "2026-11-24T10:01:30.000Z",
  ...changes,
});

/** The entry that EKS makes for a cluster's creator. */
export const THE_CREATORS = aStanding({
  principalArn: arnOf("role/admin"),
  createdAt: "2026-11-01T00:05:00.000Z",
  power: "everything",
  policies: [
    { policy: "AmazonEKSClusterAdminPolicy", power: "everything", scope: { type: "cluster" } },
  ],
});

/** An API with one cluster, in pages of one entry. */
export const clusterApi = (
  cluster: ClusterAnswer,
  entries: readonly StandingEntryAnswer[] = [],
  grants: readonly unknown[] = [],
) =>
  fakeApi(({ path, query }) => {
    if (path === "/v1/clusters") return { clusters: [cluster] };
    if (path === "/v1/grants") return { requests: grants };
    const at = Number(query?.["cursor"] ?? 0);
    const next = at + 1 < entries.length ? { next: String(at + 1) } : {};
    return { cluster, entries: entries.slice(at, at + 1), ...next };
  });
