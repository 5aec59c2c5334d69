import type { QueueState } from "./state.ts";

/** The key under which a deduplication id is remembered. */
export function deduplicationKey(
  scope: "queue" | "messageGroup",
  group: string,
  id: string,
): string {
  // Neither id can hold a space, so the pair is unambiguous.
  return scope === "queue" ? id : `${group} ${id}`;
}

/** 20 digits, growing over the whole queue. */
export function nextSequenceNumber(queue: QueueState): string {
  queue.lastSequence += 1;
  return String(queue.lastSequence).padStart(20, "0");
}
