/** The ways in which AWS fails a call, with the names that test titles use. */
import { CallFailed } from "../../shared/ports/access-entries.ts";
import type { CallFault } from "./memory-eks-calls.ts";

/** AWS did nothing, and accepts the same call later. */
export const THROTTLED: CallFault = { failure: "throttled", code: "ThrottlingException" };

/** The answer is lost, and the call took effect at once. */
export const APPLIED_UNANSWERED: CallFault = {
  failure: "unknown",
  code: "TimeoutError",
  applied: "yes",
};

/** The answer is lost, and the call takes effect at `entries.applyLate()`. */
export const LANDS_LATE: CallFault = { failure: "unknown", code: "TimeoutError", applied: "later" };

/** The answer is lost, and the call never takes effect. */
export const LOST: CallFault = { failure: "unknown", code: "TimeoutError" };

/** IAM denies the call. It may allow it later, once a deployment is complete. */
export const DENIED: CallFault = { failure: "refused", code: "AccessDeniedException" };

/** The error of a port when AWS throttles a call. */
export const aFailedCall = (operation: string) =>
  new CallFailed("throttled", "ThrottlingException", `${operation}: Rate exceeded`, {
    operation,
    requestId: null,
    sessionName: "timelatch",
    at: "2026-11-24T10:00:00.000Z",
    result: "ThrottlingException",
  });
