/** The state of EKS. Instants are ISO 8601 UTC here and epoch seconds on the wire. */
export type AuthenticationMode = "CONFIG_MAP" | "API_AND_CONFIG_MAP" | "API";
export type AccessEntryType =
  | "STANDARD"
  | "EC2_LINUX"
  | "EC2_WINDOWS"
  | "FARGATE_LINUX"
  | "EC2"
  | "HYBRID_LINUX"
  | "HYPERPOD_LINUX";

export interface AccessScope {
  readonly type: "cluster" | "namespace";
  /** Empty for cluster scope. `*` stands for any run of characters. */
  readonly namespaces: readonly string[];
}

export interface AssociatedPolicy {
  readonly policyArn: string;
  readonly accessScope: AccessScope;
  readonly associatedAt: string;
  readonly modifiedAt: string;
}

export interface AccessEntry {
  readonly principalArn: string;
  /** The IAM unique id (`AROA…`) that the ARN had at creation: what the entry is bound to. */
  readonly principalId: string;
  readonly accessEntryArn: string;
  readonly type: AccessEntryType;
  kubernetesGroups: readonly string[];
  username: string;
  tags: Record<string, string>;
  readonly createdAt: string;
  modifiedAt: string;
  /** The clientRequestToken of CreateAccessEntry, so that a repeated token is answered, not refused. */
  readonly clientRequestToken?: string;
  /** A digest of CreateAccessEntry's input: the same token with another digest is refused. */
  readonly creationDigest?: string;
  /** By policy ARN: each policy at most once, with one scope. */
  policies: Record<string, AssociatedPolicy>;
}

export interface ClusterUpdate {
  readonly id: string;
  status: "InProgress" | "Failed" | "Cancelled" | "Successful";
  readonly type: string;
  readonly params: readonly { readonly type: string; readonly value: string }[];
  readonly createdAt: string;
  /** When it completes, and the mode or the logs take effect. */
  readonly completesAt: string;
  readonly authenticationMode?: AuthenticationMode;
  /** The types of logs that are written then. */
  readonly logTypes?: readonly string[];
  /** A repeated UpdateClusterConfig with this token is answered with this update. */
  readonly clientRequestToken?: string;
}

export interface Cluster {
  readonly name: string;
  readonly arn: string;
  readonly createdAt: string;
  readonly version: string;
  readonly platformVersion: string;
  status: "CREATING" | "ACTIVE" | "DELETING" | "FAILED" | "UPDATING" | "PENDING";
  authenticationMode: AuthenticationMode;
  /** Types of logs that are written; absent: the audit log. */
  logTypes?: readonly string[];
  readonly bootstrapClusterCreatorAdminPermissions: boolean;
  /** The Kubernetes API's address and its certificate authority, base64 PEM. */
  readonly endpoint: string;
  readonly certificateAuthority: string;
  tags: Record<string, string>;
  /** By principal ARN, exactly as the caller wrote it at creation. */
  entries: Record<string, AccessEntry>;
  updates: Record<string, ClusterUpdate>;
  /** How many entries were ever made here, so that a remade entry gets an ARN of its own. */
  entriesCreated?: number;
  /** When CREATING becomes ACTIVE, or a DELETING cluster is deleted. */
  settlesAt?: string;
  /** The cluster's own role and network: returned, without effect, as nothing runs there. */
  readonly roleArn?: string;
  readonly resourcesVpcConfig?: ClusterNetwork;
  /** The clientRequestToken of CreateCluster, so that a repeated token is answered, not refused. */
  readonly clientRequestToken?: string;
  readonly creationDigest?: string;
}

interface ClusterNetwork {
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
}

export interface EksState {
  readonly accountId: string;
  readonly region: string;
  clusters: Record<string, Cluster>;
}
