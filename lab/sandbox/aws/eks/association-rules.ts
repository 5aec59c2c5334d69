import { accessPolicyByArn } from "./access-policies.ts";
import type { Check } from "./check.ts";
import { invalidParameter, policyNotFound } from "./errors.ts";
import type { AccessEntryType } from "./state.ts";

/** The request of AssociateAccessPolicy, before it is known to be a scope. */
export interface AssociationRequest {
  readonly policyArn: string;
  readonly scopeType: string;
  readonly namespaces: readonly string[];
}

/**
 * EKS's own pattern is not published. It is loose: `arn:aws:eks:aws:cluster-access-policy/X` and
 * `arn:aws:eks:::cluster-access-policy/X` pass it, and are then not found.
 */
const POLICY_ARN = /^arn:[^:/]+:eks:[^/]*:cluster-access-policy\/[A-Za-z0-9_-]+$/;

const policyArnIsFormed: Check<AssociationRequest> = ({ policyArn }) =>
  POLICY_ARN.test(policyArn)
    ? undefined
    : invalidParameter("The policyArn parameter format is not valid");

/** AWS's text is not published. */
const scopeTypeIsKnown: Check<AssociationRequest> = ({ scopeType }) =>
  scopeType === "cluster" || scopeType === "namespace"
    ? undefined
    : invalidParameter("accessScope type must be one of [cluster, namespace]");

const namespaceScopeNames: Check<AssociationRequest> = ({ scopeType, namespaces }) =>
  scopeType === "namespace" && namespaces.length === 0
    ? invalidParameter("At least 1 namespace must be provided if the type is set as namespace")
    : undefined;

const clusterScopeNamesNone: Check<AssociationRequest> = ({ scopeType, namespaces }) =>
  scopeType === "cluster" && namespaces.length > 0
    ? invalidParameter(
        "accessScope should not include namespaces if the type is not set as namespace",
      )
    : undefined;

/** An empty name names nothing; whether EKS refuses it, and under which text, is not published. */
const namespacesAreNames: Check<AssociationRequest> = ({ namespaces }) =>
  namespaces.includes("")
    ? invalidParameter("accessScope namespaces must not include an empty name")
    : undefined;

/** The checks before the cluster is looked for, in order. */
export const ASSOCIATION_RULES: readonly Check<AssociationRequest>[] = [
  policyArnIsFormed,
  scopeTypeIsKnown,
  namespaceScopeNames,
  clusterScopeNamesNone,
  namespacesAreNames,
];

/** The policy and the entry that it is to be tied to. */
export interface AssociationTarget {
  readonly policyArn: string;
  readonly entryType: AccessEntryType;
}

const policyExists: Check<AssociationTarget> = ({ policyArn }) =>
  accessPolicyByArn(policyArn) === undefined ? policyNotFound() : undefined;

const policyIsForCustomers: Check<AssociationTarget> = ({ policyArn }) =>
  accessPolicyByArn(policyArn)?.serviceLinkedRolesOnly === true
    ? invalidParameter("The specified policyArn can only be associated with service-linked roles")
    : undefined;

/**
 * AWS's guide ties AmazonEKSAutoNodePolicy to entries of type EC2 (Auto Mode); its error text says
 * otherwise. Reports differ, and the sandbox follows the guide.
 */
const entryTakesPolicy: Check<AssociationTarget> = ({ policyArn, entryType }) => {
  const isAutoNode =
    entryType === "EC2" && accessPolicyByArn(policyArn)?.name === "AmazonEKSAutoNodePolicy";
  return entryType === "STANDARD" || isAutoNode
    ? undefined
    : invalidParameter(
        'This operation can only be performed on Access Entries with a type of "STANDARD"',
      );
};

/** The checks once the entry was found, in order. */
export const TARGET_RULES: readonly Check<AssociationTarget>[] = [
  policyExists,
  policyIsForCustomers,
  entryTakesPolicy,
];
