/** The clusters of the sandbox before the stack is deployed: modes, standing access and workloads. */
import { accessPolicyByArn } from "../aws/eks/access-policies.ts";
import { clusterArn } from "../aws/eks/arns.ts";
import type { ClusterAddress } from "../aws/eks/dependencies.ts";
import { addEntry } from "../aws/eks/new-entry.ts";
import { parsePrincipal } from "../aws/eks/principal.ts";
import type {
  AccessEntryType,
  AccessScope,
  AuthenticationMode,
  EksState,
} from "../aws/eks/state.ts";
import type { IamState } from "../aws/iam/state.ts";
import { initialObjects } from "../kubernetes/initial-objects.ts";
import type { KubernetesObject, KubernetesState } from "../kubernetes/state.ts";
import {
  ACCOUNT,
  type AccountRegion,
  FAR_REGION,
  HOME,
  isSamePlace,
  REGION,
  SPOKE_ACCOUNT,
} from "./account.ts";
import { roleArn } from "./people.ts";

interface EntrySeed {
  readonly role: string;
  readonly type?: AccessEntryType;
  readonly policies?: Readonly<Record<string, AccessScope>>;
}

interface ClusterSeed {
  readonly name: string;
  readonly mode: AuthenticationMode;
  readonly entries: readonly EntrySeed[];
  readonly namespaces: readonly string[];
  /** `namespace/deployment`, each with two pods. */
  readonly deployments: readonly string[];
  readonly objects: readonly KubernetesObject[];
}

const WHOLE_CLUSTER: AccessScope = { type: "cluster", namespaces: [] };

/** The broker may grant the group `eks-admins`; the cluster binds it to its permissions. */
const EKS_ADMINS: KubernetesObject = {
  apiVersion: "rbac.authorization.k8s.io/v1",
  kind: "ClusterRoleBinding",
  metadata: { name: "eks-admins" },
  subjects: [{ kind: "Group", apiGroup: "rbac.authorization.k8s.io", name: "eks-admins" }],
  roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cluster-admin" },
};

/** The same for `payments-editors`, in one namespace. */
const PAYMENTS_EDITORS: KubernetesObject = {
  apiVersion: "rbac.authorization.k8s.io/v1",
  kind: "RoleBinding",
  metadata: { name: "payments-editors", namespace: "payments-api" },
  subjects: [{ kind: "Group", apiGroup: "rbac.authorization.k8s.io", name: "payments-editors" }],
  roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "edit" },
};

/** Maps principals in mode CONFIG_MAP. Its ARNs have no path. */
const AWS_AUTH: KubernetesObject = {
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "aws-auth", namespace: "kube-system" },
  data: {
    mapRoles: [
      `- rolearn: arn:aws:iam::${ACCOUNT}:role/eks-node`,
      "  username: system:node:{{EC2PrivateDNSName}}",
      "  groups: [system:bootstrappers, system:nodes]",
      `- rolearn: arn:aws:iam::${ACCOUNT}:role/timelatch-person-carol`,
      "  username: carol",
      "  groups: [system:masters]",
      "",
    ].join("\n"),
  },
};

export const CLUSTERS: readonly ClusterSeed[] = [
  {
    name: "prod",
    mode: "API",
    entries: [
      { role: "timelatch-person-carol", policies: { AmazonEKSViewPolicy: WHOLE_CLUSTER } },
      {
        role: "ci-deployer",
        policies: { AmazonEKSEditPolicy: { type: "namespace", namespaces: ["ci"] } },
      },
      { role: "eks-node", type: "EC2_LINUX" },
    ],
    namespaces: ["payments-api", "payments-worker", "ci", "test-1", "test-2"],
    deployments: [
      "payments-api/api",
      "payments-worker/worker",
      "ci/runner",
      "test-1/web",
      "kube-system/coredns",
    ],
    objects: [],
  },
  {
    name: "staging",
    mode: "API",
    entries: [{ role: "eks-node", type: "EC2_LINUX" }],
    namespaces: ["payments-api", "payments-worker", "test-1"],
    deployments: ["payments-api/api", "test-1/web", "kube-system/coredns"],
    objects: [EKS_ADMINS, PAYMENTS_EDITORS],
  },
  {
    name: "legacy",
    mode: "CONFIG_MAP",
    entries: [],
    namespaces: ["billing"],
    deployments: ["billing/batch", "kube-system/coredns"],
    objects: [AWS_AUTH],
  },
];

/** A cluster in another account than the broker's, or in another region. */
interface RemoteClusterSeed extends ClusterSeed {
  readonly place: AccountRegion;
}

const SHOP = { mode: "API", entries: [], namespaces: ["shop"], objects: [] } as const;

/** The clusters that are elsewhere. `access.yaml` names none of them. */
export const FAR_CLUSTERS: readonly RemoteClusterSeed[] = [
  {
    ...SHOP,
    name: "overseas",
    deployments: ["shop/web"],
    place: { account: SPOKE_ACCOUNT, region: REGION },
  },
  {
    ...SHOP,
    name: "ireland",
    deployments: ["shop/till"],
    place: { account: SPOKE_ACCOUNT, region: FAR_REGION },
  },
];

/** The clusters of an account in a region, with their standing entries and associations. */
export function initialEks(
  iam: IamState,
  addresses: (cluster: string) => ClusterAddress,
  now: Date,
  place: AccountRegion = HOME,
): EksState {
  const { account, region } = place;
  const state: EksState = { accountId: account, region, clusters: {} };
  const seeds = isSamePlace(place, HOME)
    ? CLUSTERS
    : FAR_CLUSTERS.filter((seed) => isSamePlace(seed.place, place));
  for (const { name, mode, entries } of seeds) {
    state.clusters[name] = {
      name,
      arn: clusterArn(state, name),
      createdAt: now.toISOString(),
      version: "1.34",
      platformVersion: "eks.1",
      status: "ACTIVE",
      authenticationMode: mode,
      bootstrapClusterCreatorAdminPermissions: false,
      ...addresses(name),
      tags: {},
      entries: {},
      updates: {},
    };
    // An empty account lacks the role that stacks make.
    for (const entry of entries)
      if (iam.roles[roleArn(entry.role)]) addStandingEntry(state, iam, name, entry, now);
  }
  return state;
}

function addStandingEntry(
  state: EksState,
  iam: IamState,
  clusterName: string,
  seed: EntrySeed,
  now: Date,
): void {
  const arn = roleArn(seed.role);
  const principal = parsePrincipal(arn);
  const cluster = state.clusters[clusterName];
  const principalId = iam.roles[arn]?.roleId;
  if (!principal || !cluster || !principalId) throw new Error(`The world has no role ${arn}.`);
  const entry = addEntry(
    state,
    cluster,
    { principal, principalId, type: seed.type ?? "STANDARD", tags: {} },
    now,
  );
  for (const [name, accessScope] of Object.entries(seed.policies ?? {})) {
    const policyArn = `arn:aws:eks::aws:cluster-access-policy/${name}`;
    const at = now.toISOString();
    entry.policies[policyArn] = { policyArn, accessScope, associatedAt: at, modifiedAt: at };
  }
}

/** A deployment and its two pods, as a controller would have made them. */
const workload = (path: string) => {
  const [namespace = "", name = ""] = path.split("/");
  const labels = { app: name };
  const image = `registry.example.com/${name}:1.0`;
  const deployment: KubernetesObject = {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace, labels },
    spec: {
      replicas: 2,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name, image }] } },
    },
    status: { replicas: 2, readyReplicas: 2, updatedReplicas: 2, availableReplicas: 2 },
  };
  const pods = ["7xkqp", "m4vzd"].map((suffix) => ({
    namespace,
    name: `${name}-5d8f7c9b6-${suffix}`,
    image,
    labels,
  }));
  return { deployment, pods };
};

/** The objects that a cluster starts with; a cluster that is created later starts empty. */
export function initialKubernetes(cluster: string, createdAt: Date): KubernetesState {
  const seed = [...CLUSTERS, ...FAR_CLUSTERS].find(({ name }) => name === cluster);
  const workloads = (seed?.deployments ?? []).map(workload);
  return initialObjects({
    namespaces: seed?.namespaces ?? [],
    pods: workloads.flatMap(({ pods }) => pods),
    objects: [...workloads.map(({ deployment }) => deployment), ...(seed?.objects ?? [])],
    policyRules: (arn) => accessPolicyByArn(arn)?.rules ?? [],
    createdAt,
  });
}
