import type { RouteOperation } from "./routes.ts";

/**
 * Whether a machine may call an operation, before anything judges what it asks. It asks, extends, gives
 * back, and reads its own. Every new operation is decided here.
 */
export const MACHINES_MAY: Readonly<Record<RouteOperation, boolean>> = {
  whoAmI: true,
  listAccess: true,
  createRequest: true,
  createAsk: true,
  listRequests: true,
  previewRequest: true,
  getRequest: true,
  listRequestEvents: true,
  extendGrant: true,
  cancelRequest: true,
  returnGrant: true,
  readPersonAccess: true,
  listGrants: true,
  getOpenApi: true,
  // Refused by its use case, as to everybody but auditors: timelatch show asks whether it may.
  readEvidence: true,
  decideRequest: false,
  revokeGrant: false,
  escalateRequest: false,
  closeReview: false,
  listSuspensions: false,
  suspendPerson: false,
  liftSuspension: false,
  drain: false,
  liftDrain: false,
  createDelegation: false,
  listDelegations: false,
  endDelegation: false,
  listAuditEvents: false,
  listEvidenceRecords: false,
  listFindings: false,
  acknowledgeFinding: false,
  listClusters: false,
  readStanding: false,
  readReach: false,
  readPolicy: false,
};
