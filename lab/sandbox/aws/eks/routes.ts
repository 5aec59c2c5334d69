import type { RestRoute } from "../service.ts";
import { EMPTY_LIST_ROUTES } from "./empty-lists.ts";

/** EKS's REST paths and query parameters (EKS API reference, version 2017-11-01). */

const PAGE = {
  maxResults: { member: "maxResults", type: "number" },
  nextToken: { member: "nextToken", type: "string" },
} as const;

/** Read so that they can be refused by name. */
const UPDATE_OF = {
  nodegroupName: { member: "nodegroupName", type: "string" },
  addonName: { member: "addonName", type: "string" },
  capabilityName: { member: "capabilityName", type: "string" },
} as const;

const CLUSTER = "/clusters/{name}";
const ENTRIES = "/clusters/{clusterName}/access-entries";
const ENTRY = `${ENTRIES}/{principalArn}`;

export const EKS_ROUTES: readonly RestRoute[] = [
  { method: "POST", path: ENTRIES, operation: "CreateAccessEntry" },
  {
    method: "GET",
    path: ENTRIES,
    operation: "ListAccessEntries",
    query: { ...PAGE, associatedPolicyArn: { member: "associatedPolicyArn", type: "string" } },
  },
  { method: "GET", path: ENTRY, operation: "DescribeAccessEntry" },
  { method: "POST", path: ENTRY, operation: "UpdateAccessEntry" },
  { method: "DELETE", path: ENTRY, operation: "DeleteAccessEntry" },
  { method: "POST", path: `${ENTRY}/access-policies`, operation: "AssociateAccessPolicy" },
  {
    method: "GET",
    path: `${ENTRY}/access-policies`,
    operation: "ListAssociatedAccessPolicies",
    query: PAGE,
  },
  {
    method: "DELETE",
    path: `${ENTRY}/access-policies/{policyArn}`,
    operation: "DisassociateAccessPolicy",
  },
  { method: "GET", path: "/access-policies", operation: "ListAccessPolicies", query: PAGE },
  { method: "POST", path: "/clusters", operation: "CreateCluster" },
  {
    method: "GET",
    path: "/clusters",
    operation: "ListClusters",
    query: { ...PAGE, include: { member: "include", type: "strings" } },
  },
  { method: "GET", path: CLUSTER, operation: "DescribeCluster" },
  { method: "DELETE", path: CLUSTER, operation: "DeleteCluster" },
  { method: "POST", path: `${CLUSTER}/update-config`, operation: "UpdateClusterConfig" },
  {
    method: "GET",
    path: `${CLUSTER}/updates`,
    operation: "ListUpdates",
    query: { ...PAGE, ...UPDATE_OF },
  },
  {
    method: "GET",
    path: `${CLUSTER}/updates/{updateId}`,
    operation: "DescribeUpdate",
    query: UPDATE_OF,
  },
  { method: "POST", path: "/tags/{resourceArn}", operation: "TagResource" },
  {
    method: "DELETE",
    path: "/tags/{resourceArn}",
    operation: "UntagResource",
    query: { tagKeys: { member: "tagKeys", type: "strings" } },
  },
  { method: "GET", path: "/tags/{resourceArn}", operation: "ListTagsForResource" },
  ...EMPTY_LIST_ROUTES,
];
