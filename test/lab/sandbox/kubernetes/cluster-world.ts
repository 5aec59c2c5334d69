import type { Server } from "node:https";
import type { AddressInfo } from "node:net";
import { accessPolicyByArn } from "../../../../lab/sandbox/aws/eks/access-policies.ts";
import type {
  AccessEntry,
  AccessScope,
  AuthenticationMode,
  EksState,
} from "../../../../lab/sandbox/aws/eks/state.ts";
import type { Caller } from "../../../../lab/sandbox/aws/service.ts";
import { memoryStore, type Store } from "../../../../lab/sandbox/aws/store.ts";
import type { Certificate } from "../../../../lab/sandbox/kubernetes/certificate.ts";
import { initialObjects } from "../../../../lab/sandbox/kubernetes/initial-objects.ts";
import type { Attributes, PolicyRule } from "../../../../lab/sandbox/kubernetes/policy-rule.ts";
import {
  type KubernetesApiOptions,
  kubernetesApi,
} from "../../../../lab/sandbox/kubernetes/server.ts";
import type {
  KubernetesObject,
  KubernetesState,
} from "../../../../lab/sandbox/kubernetes/state.ts";
import type { UserInfo } from "../../../../lab/sandbox/kubernetes/user-info.ts";

/** One cluster for tests: a few entries, a few objects, and tokens that are people's names. */
export const ACCOUNT = "111122223333";
export const CLUSTER = "prod";

export const policyArn = (name: string): string =>
  `arn:aws:eks::aws:cluster-access-policy/AmazonEKS${name}Policy`;
export const policyRules = (arn: string): readonly PolicyRule[] =>
  accessPolicyByArn(arn)?.rules ?? [];

export const roleArn = (name: string): string => `arn:aws:iam::${ACCOUNT}:role/people/${name}`;
export const roleId = (name: string): string => `AROA${name.toUpperCase()}`;

export const clusterScope: AccessScope = { type: "cluster", namespaces: [] };
export const inNamespaces = (...namespaces: string[]): AccessScope => ({
  type: "namespace",
  namespaces,
});

export interface EntryOptions {
  readonly policies?: Readonly<Record<string, AccessScope>>;
  readonly groups?: readonly string[];
  readonly username?: string;
  readonly principalId?: string;
}

export function entry(name: string, options: EntryOptions = {}): AccessEntry {
  const at = "2026-11-24T10:00:00.000Z";
  return {
    principalArn: roleArn(name),
    principalId: options.principalId ?? roleId(name),
    accessEntryArn: `arn:aws:eks:us-west-2:${ACCOUNT}:access-entry/${CLUSTER}/role/${ACCOUNT}/${name}/u`,
    type: "STANDARD",
    kubernetesGroups: options.groups ?? [],
    username: options.username ?? `arn:aws:sts::${ACCOUNT}:assumed-role/${name}/{{SessionName}}`,
    tags: {},
    createdAt: at,
    modifiedAt: at,
    policies: Object.fromEntries(
      Object.entries(options.policies ?? {}).map(([policy, accessScope]) => [
        policyArn(policy),
        { policyArn: policyArn(policy), accessScope, associatedAt: at, modifiedAt: at },
      ]),
    ),
  };
}

export function eksStore(
  entries: readonly AccessEntry[],
  authenticationMode: AuthenticationMode = "API",
): Store<EksState> {
  return memoryStore<EksState>({
    accountId: ACCOUNT,
    region: "us-west-2",
    clusters: {
      [CLUSTER]: {
        name: CLUSTER,
        arn: `arn:aws:eks:us-west-2:${ACCOUNT}:cluster/${CLUSTER}`,
        createdAt: "2026-11-24T10:00:00.000Z",
        version: "1.34",
        platformVersion: "eks.1",
        status: "ACTIVE",
        authenticationMode,
        bootstrapClusterCreatorAdminPermissions: false,
        endpoint: "",
        certificateAuthority: "",
        tags: {},
        entries: Object.fromEntries(entries.map((one) => [one.principalArn, one])),
        updates: {},
      },
    },
  });
}

export function objectStore(objects: readonly KubernetesObject[] = []): Store<KubernetesState> {
  return memoryStore(
    initialObjects({
      namespaces: ["test-1"],
      pods: [
        { namespace: "kube-system", name: "coredns-5d78c9869d-abcde", image: "coredns:1.11" },
        { namespace: "test-1", name: "web", image: "nginx:1.27", labels: { app: "web" } },
      ],
      objects,
      policyRules,
      createdAt: new Date("2026-11-24T10:00:00Z"),
    }),
  );
}

/** The caller whose token is a role's name. */
export function caller(name: string, more: Partial<Caller> = {}): Caller {
  return {
    arn: `arn:aws:sts::${ACCOUNT}:assumed-role/${name}/${name}@example.com`,
    principalArn: roleArn(name),
    accountId: ACCOUNT,
    userId: `${roleId(name)}:${name}@example.com`,
    accessKeyId: "ASIAEXAMPLE",
    ...more,
  };
}

export const user = (name: string, more: Partial<UserInfo> = {}): UserInfo => ({
  username: name,
  uid: "",
  groups: ["system:authenticated"],
  extra: { principalId: [roleId(name)] },
  ...more,
});

/** `get pods`, `list widgets.example.io`, `create pods/exec`, `get namespaces/dev-a`, `get /healthz`. */
export function asks(text: string, namespace = ""): Attributes {
  const [verb = "", what = ""] = text.split(" ");
  const path = what.startsWith("/") ? what : "";
  const [resourceAndGroup = "", tail = ""] = path === "" ? what.split("/") : [];
  const [resource = "", ...group] = resourceAndGroup.split(".");
  const named = resource === "namespaces";
  return {
    verb,
    resourceRequest: path === "",
    apiGroup: group.join("."),
    apiVersion: "v1",
    namespace,
    resource,
    subresource: named ? "" : tail,
    name: named ? tail : "",
    path,
  };
}

export const rbacObject = (
  kind: string,
  name: string,
  members: Readonly<Record<string, unknown>>,
  namespace?: string,
): KubernetesObject => ({
  apiVersion: "rbac.authorization.k8s.io/v1",
  kind,
  metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
  ...members,
});

export const roleRef = (kind: "Role" | "ClusterRole", name: string) => ({
  roleRef: { apiGroup: "rbac.authorization.k8s.io", kind, name },
});

export interface RunningCluster {
  readonly server: Server;
  readonly url: string;
  readonly audit: readonly Record<string, unknown>[];
  readonly authenticator: readonly string[];
  close(): Promise<void>;
}

/** Starts the cluster's API on a free port of the loopback. */
export async function start(
  tls: Certificate,
  options: Partial<KubernetesApiOptions> & Pick<KubernetesApiOptions, "eks" | "objects">,
): Promise<RunningCluster> {
  const audit: Record<string, unknown>[] = [];
  const authenticator: string[] = [];
  const server = kubernetesApi({
    cluster: CLUSTER,
    policyRules,
    tls,
    authorizerLagSeconds: 0,
    verifyToken: (token) => (/^[a-z]+$/.test(token) ? caller(token) : undefined),
    audit: (line) => audit.push(JSON.parse(line)),
    authenticatorLog: (line) => authenticator.push(line),
    ...options,
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    server,
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    audit,
    authenticator,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
