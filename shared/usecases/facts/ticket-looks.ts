/** When a ticket is looked at again, and how that is asked for. */
import { CLOCKS_DIFFER_SECONDS } from "../../domain/facts/ticket-fact.ts";
import type { TicketReading } from "../../domain/facts/ticket-reading.ts";
import type { Settings } from "../../domain/settings.ts";
import { secondsBetween } from "../../domain/values/instant.ts";
import type { OutsideQueue } from "../../ports/outside-queue.ts";

/** How often a ticket is read while a request waits, or until its access begins: each ten minutes, in pauses of looks. */
export const WAITING_PAUSES = 30;

/** How often it is read while a grant lasts that ends with it: each five minutes. */
export const LASTING_PAUSES = 15;

/** Whether the last look failed or is older than these pauses. A look of a time to come does not count. */
export function isLookDue(
  reading: TicketReading | undefined,
  pauses: number,
  { lookPauseSeconds }: Pick<Settings, "lookPauseSeconds">,
  now: string,
): boolean {
  if (!reading?.answer || reading.failing) return true;
  const age = secondsBetween(reading.lookedAt, now);
  return age >= pauses * lookPauseSeconds || age < -CLOCKS_DIFFER_SECONDS;
}

/** Has tickets looked at now, by their keys. A message takes 100. A failure loses nothing: they are asked for again. */
export async function haveLookedAt(
  outside: Pick<OutsideQueue, "lookAtTickets">,
  keys: readonly string[],
): Promise<void> {
  for (let at = 0; at < keys.length; at += 100)
    await outside.lookAtTickets(keys.slice(at, at + 100)).catch(() => undefined);
}
