/**
 * The API's routes as data: infra makes API Gateway routes of them, and `functions/api.ts` a
 * router.
 */
export const ROUTES = [
  { method: "GET", path: "/v1/whoami", operation: "whoAmI" },
  { method: "GET", path: "/v1/access", operation: "listAccess" },
  { method: "GET", path: "/v1/policy", operation: "readPolicy" },
  { method: "POST", path: "/v1/requests", operation: "createRequest" },
  { method: "POST", path: "/v1/asks", operation: "createAsk" },
  { method: "GET", path: "/v1/requests", operation: "listRequests" },
  { method: "POST", path: "/v1/requests/preview", operation: "previewRequest" },
  { method: "GET", path: "/v1/requests/{id}", operation: "getRequest" },
  { method: "GET", path: "/v1/requests/{id}/events", operation: "listRequestEvents" },
  { method: "GET", path: "/v1/requests/{id}/evidence", operation: "readEvidence" },
  { method: "POST", path: "/v1/requests/{id}/decision", operation: "decideRequest" },
  { method: "POST", path: "/v1/requests/{id}/extend", operation: "extendGrant" },
  { method: "POST", path: "/v1/requests/{id}/cancel", operation: "cancelRequest" },
  { method: "POST", path: "/v1/requests/{id}/return", operation: "returnGrant" },
  { method: "POST", path: "/v1/requests/{id}/revoke", operation: "revokeGrant" },
  { method: "POST", path: "/v1/requests/{id}/escalate", operation: "escalateRequest" },
  { method: "POST", path: "/v1/requests/{id}/review", operation: "closeReview" },
  { method: "GET", path: "/v1/suspensions", operation: "listSuspensions" },
  { method: "POST", path: "/v1/people/{name}/suspend", operation: "suspendPerson" },
  { method: "DELETE", path: "/v1/people/{name}/suspend", operation: "liftSuspension" },
  { method: "GET", path: "/v1/people/{name}/access", operation: "readPersonAccess" },
  { method: "POST", path: "/v1/drain", operation: "drain" },
  { method: "DELETE", path: "/v1/drain", operation: "liftDrain" },
  { method: "GET", path: "/v1/grants", operation: "listGrants" },
  { method: "POST", path: "/v1/delegations", operation: "createDelegation" },
  { method: "GET", path: "/v1/delegations", operation: "listDelegations" },
  { method: "DELETE", path: "/v1/delegations/{delegationId}", operation: "endDelegation" },
  { method: "GET", path: "/v1/audit/events", operation: "listAuditEvents" },
  { method: "GET", path: "/v1/audit/records", operation: "listEvidenceRecords" },
  { method: "GET", path: "/v1/findings", operation: "listFindings" },
  {
    method: "POST",
    path: "/v1/findings/{findingId}/acknowledgement",
    operation: "acknowledgeFinding",
  },
  { method: "GET", path: "/v1/clusters", operation: "listClusters" },
  { method: "GET", path: "/v1/clusters/{name}/standing", operation: "readStanding" },
  { method: "GET", path: "/v1/clusters/{name}/reach", operation: "readReach" },
  { method: "GET", path: "/v1/openapi.json", operation: "getOpenApi" },
] as const;

export type RouteOperation = (typeof ROUTES)[number]["operation"];

/** The query parameters that an operation takes. */
export const QUERY: Readonly<Partial<Record<RouteOperation, readonly QueryParameter[]>>> = {
  listRequests: ["view", "idPrefix", "limit", "cursor"],
  listRequestEvents: ["limit", "cursor"],
  listGrants: ["view", "cluster", "from", "to", "limit", "cursor"],
  readPersonAccess: ["cluster"],
  listDelegations: ["limit", "cursor"],
  listAuditEvents: ["from", "to", "limit", "cursor"],
  listEvidenceRecords: ["from", "to", "limit", "cursor"],
  listFindings: ["view", "from", "to", "limit", "cursor"],
  readStanding: ["limit", "cursor"],
  readReach: ["at", "limit", "cursor"],
};

export type QueryParameter =
  | "view"
  | "idPrefix"
  | "cluster"
  | "limit"
  | "cursor"
  | "from"
  | "to"
  | "at";

/** The lists of `GET /v1/requests`: the caller's own, and those to decide on or to review. */
export const VIEWS = ["mine", "to-approve", "to-review"] as const;

export type View = (typeof VIEWS)[number];

/** The lists of `GET /v1/findings`: those that nobody has acknowledged, and all of an interval. */
export const FINDING_VIEWS = ["open", "all"] as const;

export type FindingView = (typeof FINDING_VIEWS)[number];

/** The lists of `GET /v1/grants`: what is lent now, and what was lent on a cluster in an interval. */
export const GRANT_VIEWS = ["open", "all"] as const;

export type GrantView = (typeof GRANT_VIEWS)[number];
