import { createHash } from "node:crypto";

/** The context attributes of one attempt. */
export interface AttemptContext {
  readonly scheduleArn: string;
  /** ISO 8601 UTC, whole seconds: `2022-03-22T18:59:43Z`. */
  readonly scheduledTime: string;
  /** Hexadecimal, one for each attempt. */
  readonly executionId: string;
  /** From 1. */
  readonly number: number;
}

/**
 * Replaces the context attributes in a target's Input. Source: Scheduler User Guide, "Adding
 * context attributes".
 */
export function replaceKeywords(input: string, attempt: AttemptContext): string {
  const values: Readonly<Record<string, string>> = {
    "<aws.scheduler.schedule-arn>": attempt.scheduleArn,
    "<aws.scheduler.scheduled-time>": attempt.scheduledTime,
    "<aws.scheduler.execution-id>": attempt.executionId,
    "<aws.scheduler.attempt-number>": String(attempt.number),
  };
  return input.replace(/<aws\.scheduler\.[a-z-]+>/g, (keyword) => values[keyword] ?? keyword);
}

/** Whole seconds, as Scheduler writes its instants into payloads and attributes. */
export function wholeSeconds(iso: string): string {
  return new Date(iso).toISOString().replace(/\.\d{3}Z$/, "Z");
}

/** The same attempt has the same id, also when it is delivered twice. */
export function executionId(seed: string, scheduledTime: string, number: number): string {
  return createHash("sha256")
    .update(`${seed} ${scheduledTime} ${number}`)
    .digest("hex")
    .slice(0, 16);
}
