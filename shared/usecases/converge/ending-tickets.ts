import type { Ledger } from "../../domain/entries/ledger.ts";
import { isFresh, TICKET_COUNTS_SECONDS, type TicketFact } from "../../domain/facts/ticket-fact.ts";
import { closedNow, type EndingTicket, endingTicket } from "../../domain/policy/closed-ticket.ts";
import type { TicketReadings } from "../../domain/policy/ticket-of-request.ts";
import { latest, secondsBetween } from "../../domain/values/instant.ts";
import type { BindingView } from "../../ports/binding-store.ts";
import type { ConvergePorts } from "../../ports/function-ports.ts";
import { readTickets } from "../facts/read-tickets.ts";
import { isLookDue, LASTING_PAUSES } from "../facts/ticket-looks.ts";
import type { ConvergeRun } from "./converge-run.ts";

/** The tickets with which grants of an entry end. */
export interface EndingTickets {
  /** By the ids of grants, the facts that their tickets are closed. */
  readonly closed: ReadonlyMap<string, TicketFact>;
  /** Keys of its tickets that are to be looked at again. */
  readonly due: readonly string[];
  /** Keys of its tickets of which there was no answer for as long as an answer counts. */
  readonly unread: readonly string[];
}

/** Grants of an entry, and the knowledge by which they end with tickets. */
interface Known extends Pick<BindingView, "grants"> {
  readonly ledger: Ledger;
  readonly now: string;
}

/** The part of a pass that asks about tickets. */
interface Asked {
  readonly ports: Pick<ConvergePorts, "facts" | "policy" | "settings">;
  readonly binding: string;
  readonly run: Pick<ConvergeRun, "log">;
}

/**
 * The grants that end since their ticket is closed, and the tickets that are to be looked at for those that last. Sweep has
 * them looked at too. But it goes by what others can write or hide, and the ledger knows what ends with a ticket.
 *
 * Nothing is read where no rule ends its grants so. Where the facts cannot be read, none ends for a ticket, and
 * everything else goes on.
 */
export async function endingTickets(
  { ports, run, binding }: Asked,
  known: Known,
): Promise<EndingTickets> {
  const { now } = known;
  const ending = endingIn(ports, known);
  const lasting = lastingTickets(ports, known);
  const keys = [...lasting.keys()];
  const unknown = { closed: new Map(), due: keys, unread: [] };
  if (ending.size === 0) return unknown;
  try {
    const readings = await readTickets(ports, ticketsToRead(known, ending));
    const due = keys.filter((key) =>
      isLookDue(readings.get(key), LASTING_PAUSES, ports.settings, now),
    );
    const unread = [...lasting].flatMap(([key, since]) =>
      isUnread(key, since, readings, now) ? key : [],
    );
    if (unread.length > 0) run.log("tickets unread", { binding, tickets: unread });
    return { closed: closedIn(ending, readings, now), due, unread };
  } catch (error) {
    run.log("tickets not read", { error: error instanceof Error ? error.name : "" });
    return unknown;
  }
}

/** By the keys of tickets with which lent access ends, the instant from which an answer is wanted. */
export function lastingTickets(
  ports: Pick<Asked["ports"], "policy">,
  known: Known,
): ReadonlyMap<string, string> {
  const lasting = new Map<string, string>();
  for (const [id, { ticket, since }] of endingIn(ports, known)) {
    const own = begunIn(known, id);
    if (own && !own.over && own.revokeAt > known.now)
      lasting.set(ticket, latest([since, lasting.get(ticket) ?? since]) ?? since);
  }
  return lasting;
}

/**
 * The most tickets that are read of grants that have not begun: more than a person may have open on an entry. Others can
 * plant any number of records, and a reading may be as large as an item. A removal waits for this. A grant beyond them is
 * judged by its ticket when it would begin.
 */
const MOST_NOT_BEGUN = 25;

/** The tickets of access that has begun come first. */
function ticketsToRead(known: Known, ending: ById): readonly string[] {
  const ids = [...ending.keys()];
  const begun = ids.filter((id) => begunIn(known, id));
  const others = ids.filter((id) => !begunIn(known, id)).slice(0, MOST_NOT_BEGUN);
  return [...begun, ...others].flatMap((id) => ending.get(id)?.ticket ?? []);
}

const begunIn = ({ ledger: { begun } }: Known, id: string) =>
  Object.hasOwn(begun, id) ? begun[id] : undefined;

type ById = ReadonlyMap<string, EndingTicket>;

const endingIn = ({ policy }: Pick<Asked["ports"], "policy">, known: Known): ById =>
  new Map(
    known.grants.flatMap((grant) => {
      const ticket = endingTicket(policy, grant, begunIn(known, grant.id));
      return ticket ? [[grant.id, ticket] as const] : [];
    }),
  );

const closedIn = (ending: ById, readings: TicketReadings, now: string) =>
  new Map(
    [...ending].flatMap(([id, ticket]) => {
      const fact = closedNow(ticket, readings, now);
      return fact ? [[id, fact] as const] : [];
    }),
  );

function isUnread(key: string, since: string, readings: TicketReadings, now: string): boolean {
  const answer = readings.get(key)?.answer;
  if (answer && isFresh(answer, now)) return false;
  return secondsBetween(since, now) >= TICKET_COUNTS_SECONDS;
}
