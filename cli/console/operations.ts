/** The API's operations that the console forwards: those that a person calls, and nothing else. */
import { ROUTES, type RouteOperation } from "../../shared/http/contract/routes.ts";

/**
 * Each operation, or why the console leaves it out. A new operation of the API has to be put here
 * before this compiles.
 */
const FORWARDED: Readonly<Record<RouteOperation, boolean>> = {
  whoAmI: true,
  listAccess: true,
  readPolicy: true,
  createRequest: true,
  listRequests: true,
  previewRequest: true,
  getRequest: true,
  listRequestEvents: true,
  readEvidence: true,
  decideRequest: true,
  extendGrant: true,
  cancelRequest: true,
  returnGrant: true,
  revokeGrant: true,
  escalateRequest: true,
  closeReview: true,
  listSuspensions: true,
  suspendPerson: true,
  liftSuspension: true,
  readPersonAccess: true,
  drain: true,
  liftDrain: true,
  listGrants: true,
  createDelegation: true,
  listDelegations: true,
  endDelegation: true,
  listFindings: true,
  acknowledgeFinding: true,
  listClusters: true,
  readStanding: true,
  readReach: true,
  // Exports of everything are work of the command, which writes files.
  listAuditEvents: false,
  listEvidenceRecords: false,
  // The page asks for one thing at a time.
  createAsk: false,
  // No view reads it.
  getOpenApi: false,
};

export const OPERATIONS = ROUTES.filter(({ operation }) => FORWARDED[operation]);

/** Operations that make something: each call gets an idempotency key, so that it can be repeated. */
export const MAKES: ReadonlySet<RouteOperation> = new Set([
  "createRequest",
  "extendGrant",
  "createDelegation",
]);
