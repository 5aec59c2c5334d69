/** When a message that was refused before anybody saw it is sent again. Pure. */
import { plusSeconds } from "../values/instant.ts";
import type { Notice } from "./notice.ts";
import type { Delivery, Undeliverable } from "./notice-record.ts";

const FIRST_PAUSE_SECONDS = 60;
/** A request that waits for a week has about fifty calls for each message that stays refused. */
const LONGEST_PAUSE_SECONDS = 14_400;

/**
 * Whether a message that is not there asks for a decision that is still wanted. Nothing else brings
 * it: a request that waits has no next step, and its reminders are answers to this message.
 */
const isAwaited = ({ facts, thread, subject }: Notice): boolean =>
  thread === undefined &&
  "requestId" in facts &&
  facts.requestId === subject &&
  facts.state === "pending";

/**
 * The next try of a first message, after a pause that doubles from a minute to four hours. Empty
 * where it makes no sense: the message is there, or asks for nothing any more.
 *
 * @param before the same message's last refusal
 * @param at when it was refused now, ISO 8601 UTC
 */
export function nextTry(
  { notice, message, hash }: Delivery,
  before: Undeliverable | undefined,
  at: string,
): Pick<Undeliverable, "tries" | "nextAt"> {
  if (message || !isAwaited(notice)) return {};
  const tries = 1 + (before?.hash === hash ? (before.tries ?? 0) : 0);
  const pause = Math.min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2 ** (tries - 1));
  return { tries, nextAt: plusSeconds(at, pause) };
}
