import type { AuthenticationMode } from "../clusters/cluster-facts.ts";

/** A cluster as EKS described it, as far as it concerns who may reach it. */
export interface ClusterSetup {
  readonly createdAt: string;
  readonly authenticationMode: AuthenticationMode;
  /** The version of Kubernetes: `1.34`. Null where EKS names none. */
  readonly version: string | null;
  /** Whether the control plane writes its audit log to CloudWatch. */
  readonly auditLog: boolean;
}
