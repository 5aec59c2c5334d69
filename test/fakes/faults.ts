/** The ways in which AWS fails a call, by the names that a test title uses. */
import type { CallFault } from "./memory-access-entries.ts";

/** AWS did nothing, and takes the same call later. */
export const THROTTLED: CallFault = { failure: "throttled", code: "ThrottlingException" };

/** Nobody heard the answer, and the call took effect at once. */
export const APPLIED_UNANSWERED: CallFault = {
  failure: "unknown",
  code: "TimeoutError",
  applied: "yes",
};

/** Nobody heard the answer, and the call takes effect at `entries.applyLate()`. */
export const LANDS_LATE: CallFault = { failure: "unknown", code: "TimeoutError", applied: "later" };

/** Nobody heard an answer, and the call never takes effect. */
export const LOST: CallFault = { failure: "unknown", code: "TimeoutError" };

/** IAM lets the call through on no policy: it may, once a deployment is everywhere. */
export const DENIED: CallFault = { failure: "refused", code: "AccessDeniedException" };
