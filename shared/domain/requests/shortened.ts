import { beforeEscalation } from "./escalated-terms.ts";
import type { AccessRequest } from "./request.ts";

/**
 * Whether an approver cut the time of a grant, or of one before it in its chain. Its extension then
 * needs an approval. Fewer namespaces do not count: an extension has the same ones. Pure.
 */
export function isShortened(request: AccessRequest): boolean {
  // A break-glass rule may lend for less, and then no approver cut that.
  const { shortened, earlierTerms = [], durationSeconds } = beforeEscalation(request);
  return (
    shortened === true || earlierTerms.some((terms) => terms.durationSeconds > durationSeconds)
  );
}

/**
 * The mark that an extension of a grant carries; no member where it needs none. It is no part of the
 * digest, which an earlier release computes too: the ledger holds it against a record without it.
 */
export const shortenedMember = (grant: AccessRequest): Pick<AccessRequest, "shortened"> =>
  isShortened(grant) ? { shortened: true } : {};
