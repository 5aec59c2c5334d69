import type { Target } from "./state.ts";

const FIRST_BACKOFF_MS = 1000;
const LONGEST_BACKOFF_MS = 5 * 60 * 1000;

/** Why no more attempts are made, in the words of the dead-letter message's attribute. */
export type Exhausted = "MaximumRetryAttempts" | "MaximumEventAgeInSeconds";

/**
 * When a failed invocation is tried again. AWS says "exponential backoff" and gives no numbers;
 * here it is 1 s, doubled each time, 5 min at most.
 *
 * @param attempts how many were made, the first one included
 * @param dueAt when the occurrence came due; its age counts from there (all in milliseconds)
 */
export function afterFailure(
  policy: Target["RetryPolicy"],
  attempts: number,
  dueAt: number,
  now: number,
): { readonly retryAt: number } | { readonly exhausted: Exhausted } {
  if (attempts > policy.MaximumRetryAttempts) return { exhausted: "MaximumRetryAttempts" };
  const retryAt = now + Math.min(FIRST_BACKOFF_MS * 2 ** (attempts - 1), LONGEST_BACKOFF_MS);
  return retryAt > dueAt + policy.MaximumEventAgeInSeconds * 1000
    ? { exhausted: "MaximumEventAgeInSeconds" }
    : { retryAt };
}
