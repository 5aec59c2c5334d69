/** Access entries and grants to start a test of standing access from. */

import { ACCOUNT, ALICE, aRequest, PROD, T0 } from "../../../../lab/fakes/builders.ts";
import type { ActualEntry } from "../../../../shared/domain/entries/actual-entry.ts";
import type { AccessRequest } from "../../../../shared/domain/requests/request.ts";
import { standingOf } from "../../../../shared/domain/standing/standing-entry.ts";

export const policyArn = (name: string) => `arn:aws:eks::aws:cluster-access-policy/${name}`;
export const EDIT = policyArn("AmazonEKSEditPolicy");
export const VIEW = policyArn("AmazonEKSViewPolicy");
export const CLUSTER_ADMIN = policyArn("AmazonEKSClusterAdminPolicy");
export const TAGGED = { "timelatch:managed-by": "timelatch" };
export const NODE = `arn:aws:iam::${ACCOUNT}:role/eks-node`;
export const SERVICE = `arn:aws:iam::${ACCOUNT}:role/aws-service-role/eks.amazonaws.com/AWSServiceRoleForAmazonEKS`;

/** An entry of somebody else, without access. */
export const anEntry = (changes: Partial<ActualEntry> = {}): ActualEntry => ({
  accessEntryArn: `arn:aws:eks:us-west-2:${ACCOUNT}:access-entry/prod/role/${ACCOUNT}/x/1`,
  type: "STANDARD",
  username: "somebody",
  createdAt: T0,
  tags: {},
  targets: {},
  ...changes,
});

/** A grant of Edit in payments-api that is active. */
export const aGrant = (changes: Partial<AccessRequest> = {}): AccessRequest => ({
  ...aRequest(),
  state: "active",
  approvedAt: T0,
  ...changes,
});

/** The standing access of an entry, without grants by default. */
export const standing = (
  entry: Partial<ActualEntry>,
  grants: readonly AccessRequest[] = [],
  principalArn = ALICE,
) =>
  standingOf({
    principalArn,
    grants,
    clusterArn: PROD.arn,
    entry: anEntry(entry),
    principal: "exists",
    deployment: "timelatch",
    readAt: T0,
  });
