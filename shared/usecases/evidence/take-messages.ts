import { secondsBetween } from "../../domain/values/instant.ts";
import type { CorrelatePorts } from "../../ports/function-ports.ts";
import { type Correlated, correlate } from "./correlate.ts";
import type { CorrelateRun } from "./correlate-run.ts";

/** A message of the queue, with what EventBridge delivered. */
export interface TrailMessage {
  readonly id: string;
  readonly body: string;
  /** Names this receipt of it. */
  readonly receiptHandle: string;
}

/** The needs of a batch of messages, beside the ports. */
export interface TakeRun extends CorrelateRun {
  /** Hides a received message for a number of seconds, so that it comes again then. */
  readonly delay: (receiptHandle: string, seconds: number) => Promise<void>;
  /** Says what became of a message. */
  readonly report: (level: "info" | "error", message: string, facts: object) => void;
  /** The name is that of an alarm. */
  readonly count: (alarm: "EvidenceFindings", count: number) => void;
}

/**
 * Outcomes that somebody has to look at: a change without an explanation, or an event that may hide
 * one.
 */
const ALARMING: ReadonlySet<Correlated["outcome"]> = new Set(["finding", "unreadable"]);

/**
 * Takes events of CloudTrail. A failure of one message is not the others'.
 *
 * @returns ids of the messages that must come again: at its time what must wait, and after the
 *   queue's visibility timeout what failed
 */
export async function takeMessages(
  ports: CorrelatePorts,
  messages: readonly TrailMessage[],
  run: TakeRun,
): Promise<readonly string[]> {
  const again: string[] = [];
  for (const message of messages) if (!(await isDone(ports, message, run))) again.push(message.id);
  return again;
}

async function isDone(
  ports: CorrelatePorts,
  { id, body, receiptHandle }: TrailMessage,
  run: TakeRun,
): Promise<boolean> {
  try {
    const result = await correlate(ports, body, run);
    run.report("info", "correlated", { messageId: id, ...result });
    if (result.outcome === "wait") {
      const seconds = secondsBetween(ports.clock.now(), result.until);
      await run.delay(receiptHandle, Math.ceil(seconds));
      return false;
    }
    run.count("EvidenceFindings", ALARMING.has(result.outcome) ? 1 : 0);
    return true;
  } catch (error) {
    run.report("error", "event not correlated", { messageId: id, error });
    return false;
  }
}
