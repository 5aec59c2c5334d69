import { afterTicketLook, type TicketReading } from "../../domain/facts/ticket-reading.ts";
import { type Tracker, ticketOfKey } from "../../domain/facts/tracker.ts";
import type { TicketReadings } from "../../domain/policy/ticket-of-request.ts";
import { secondsBetween } from "../../domain/values/instant.ts";
import type { OutsidePorts } from "../../ports/function-ports.ts";
import type { LookReport, LookRun } from "./look-at-schedules.ts";
import { readTickets } from "./read-tickets.ts";

/** Looks at the same time: a tracker that does not answer holds no more than its share up. */
const AT_ONCE = 10;

/** One ticket that the policy's trackers have. */
interface Asked {
  readonly key: string;
  readonly tracker: Tracker;
  readonly ticket: string;
}

/**
 * Looks at tickets, stores what their trackers say, and wakes ticket-sweep. A key of no tracker of the policy is
 * nobody's, whoever sent it. A tracker is not asked twice within a pause, and ticket-sweep is woken all the same.
 */
export async function lookAtTickets(
  ports: OutsidePorts,
  run: LookRun & { readonly keys: readonly string[] },
): Promise<LookReport> {
  const asked = [...new Set(run.keys)].flatMap((key) => askedIn(ports, key));
  const before = await readBefore(ports, run, asked);
  const now = ports.clock.now();
  const due = asked.filter(({ key }) => isDue(before?.get(key), now, ports.settings));
  const counts = { looked: 0, unknown: 0 };
  const waiting = [...due];
  const work = async () => {
    for (let each = waiting.shift(); each; each = waiting.shift()) {
      if (run.isTimeUp()) return;
      const isAnswered = await lookAt(ports, run, each, before);
      counts.looked += 1;
      if (!isAnswered) counts.unknown += 1;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  if (asked.length > 0) await wake(ports, run, asked);
  return { ...counts, left: due.length - counts.looked };
}

/** The readings of earlier looks; undefined where they cannot be read: what is there is looked at all the same. */
async function readBefore(
  ports: OutsidePorts,
  { log }: LookRun,
  asked: readonly Asked[],
): Promise<TicketReadings | undefined> {
  try {
    return await readTickets(
      ports,
      asked.map(({ key }) => key),
    );
  } catch (error) {
    log("earlier looks not read", { error: error instanceof Error ? error.name : "" });
    return undefined;
  }
}

/** Sweep reads all tickets within a minute, so a message that is lost delays and loses nothing. */
async function wake(ports: OutsidePorts, { log }: LookRun, asked: readonly Asked[]) {
  try {
    await ports.wake.ticketsRead(asked.map(({ key }) => key));
  } catch (error) {
    log("ticket-sweep was not woken", { error: error instanceof Error ? error.name : "" });
  }
}

const askedIn = ({ policy }: OutsidePorts, key: string): readonly Asked[] => {
  const found = Object.values(policy.tickets ?? {}).flatMap((tracker) => {
    const ticket = ticketOfKey(tracker, key);
    return ticket === undefined ? [] : [{ key, tracker, ticket }];
  });
  return found.slice(0, 1);
};

/** A look of the future is one of a clock that was wrong. */
function isDue(
  reading: TicketReading | undefined,
  now: string,
  { lookPauseSeconds }: OutsidePorts["settings"],
): boolean {
  if (!reading) return true;
  const age = secondsBetween(reading.lookedAt, now);
  return age < 0 || age >= lookPauseSeconds;
}

/** Whether the tracker gave an answer. */
async function lookAt(
  ports: OutsidePorts,
  { log }: LookRun,
  { key, tracker, ticket }: Asked,
  before: TicketReadings | undefined,
): Promise<boolean> {
  const began = ports.clock.now();
  const { detail, ...look } = await ports.tickets.look(tracker, ticket, began);
  const isUnknown = "unknown" in look;
  if (isUnknown)
    log("a tracker does not say what a ticket is", { ticket: key, why: look.unknown, detail });
  // The last answer stays after a failure that passes, so it must be known.
  if (before || !isUnknown)
    await ports.facts.putTicket(afterTicketLook(key, before?.get(key), look, began));
  return !isUnknown;
}
