/** When a grant ends: by its record, and by its approval. */
import type { AuditEvent } from "../../requests/audit-event.ts";
import type { AccessRequest } from "../../requests/request.ts";

/**
 * All ends of one kind that a grant had. Functions that face people can write its record. Converge
 * keeps to the times of the approval even so: no later one counts, and its fuse stays armed. Empty
 * while nobody has approved the request.
 *
 * @returns ISO 8601 UTC, each once
 */
export function grantEnds(
  kind: "revokeAt" | "expiresAt",
  grant: Pick<AccessRequest, "revokeAt" | "expiresAt">,
  history: readonly AuditEvent[],
): readonly string[] {
  const approved = history.map((event) => event.type === "approve" && event.details[kind]);
  const ends = [grant[kind], ...approved].filter((end) => typeof end === "string");
  return [...new Set(ends)];
}
