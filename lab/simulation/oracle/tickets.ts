/** Knows what a tracker said of tickets. It shares no decision with the broker. */
import type { Ledger } from "../../../shared/domain/entries/ledger.ts";
import type { TicketFact, UnknownTicket } from "../../../shared/domain/facts/ticket-fact.ts";
import type { Ticket, TicketLook } from "../../../shared/domain/facts/ticket-look.ts";
import type { TicketReading } from "../../../shared/domain/facts/ticket-reading.ts";
import type { Step } from "../../../shared/domain/requests/lifecycle.ts";
import type { AccessRequest } from "../../../shared/domain/requests/request.ts";
import { HOLDERS, keyOfTicket, TICKETED, VOUCHED } from "../ticket-policy.ts";
import { type Facts, millisOf } from "./facts.ts";
import type { Truth } from "./truth.ts";

interface Answer {
  readonly at: string;
  readonly look: TicketLook;
}

const SECOND = 1_000;
/** How long an answer counts. */
const COUNTS_MS = 900 * SECOND;
/** How much older than its request an answer may be. */
const BEFORE_MS = 30 * SECOND;
/** How long after its run has given it up a save may take effect: `LATE` of the network. */
const SAVED_LATE = 20 * SECOND;
/** From a look that is due until it is stored: `outside` may be asked late, and more than once. */
const LOOK_MS = 60 * SECOND;
/** Failures after which the last answer counts no more. */
const FOR_GOOD: ReadonlySet<string> = new Set(["denied", "unclear"]);
const OPEN: ReadonlySet<string> = new Set(["open", "in-progress"]);

export class TicketWatch {
  readonly #facts: Facts;
  /** By key. */
  readonly #answers = new Map<string, Answer[]>();
  /** By key, since when the stored reading says that the ticket is closed, and when that was read. */
  readonly #closed = new Map<string, { readonly since: number; readonly readAt: string }>();
  readonly #begun = new Set<string>();

  constructor(facts: Facts) {
    this.#facts = facts;
  }

  /** The tracker answered a look that began then. */
  answered(key: string, at: string, look: TicketLook): void {
    const answers = this.#answers.get(key) ?? [];
    this.#answers.set(key, [...answers, { at, look }]);
    // Grants wait for an answer, so what goes on may take longer.
    if ("unknown" in look)
      for (const truth of this.#facts.truths.values())
        this.#facts.disturb(truth, this.#facts.now + LOOK_MS);
  }

  /** `outside` stored a reading. */
  wasRead(reading: TicketReading | undefined): void {
    if (!reading) return;
    const { ticket, answer } = reading;
    if (!answer || !("is" in answer) || answer.is.status !== "done") this.#closed.delete(ticket);
    else {
      const since = this.#closed.get(ticket)?.since ?? this.#facts.now;
      this.#closed.set(ticket, { since, readAt: answer.readAt });
      this.#facts.closedTickets.add(ticket);
    }
  }

  stored({ request, event }: Step): void {
    if (HOLDERS[request.requester] === undefined || this.#facts.forged.has(request.id)) return;
    const at = millisOf(event.at);
    const fact = factIn(event.details);
    if (event.type === "approve") this.#check(request, fact, at, 0);
    if (event.type === "deny" && "readAt" in event.details && event.details.readAt !== undefined)
      this.#checkRefusal(request, event.details.code, event.details.readAt);
    if (event.type === "withdraw" && fact) this.#checkClosed(request, fact);
  }

  /** A ledger says which grants have begun, and what each leaned on. */
  begun({ begun }: Ledger): void {
    for (const [id, { ticket, over, refusal }] of Object.entries(begun)) {
      const request = this.#facts.options.tables.requests.get(id);
      if (!request || this.#begun.has(id) || HOLDERS[request.requester] === undefined) continue;
      this.#begun.add(id);
      // A grant that a ledger forgot is known again as over, and lends nothing.
      if (over || refusal || this.#facts.forged.has(id)) continue;
      const late = this.#facts.options.stack.convergeTimeoutSeconds * SECOND + SAVED_LATE;
      this.#check(request, ticket, this.#facts.now, late);
    }
  }

  /** Access that ends with its ticket ends once the reading says that it is closed. */
  inspect(truth: Truth, request: AccessRequest): void {
    const facts = this.#facts;
    const { rule, state, ticket, approvedAt, requester } = request;
    if (rule !== TICKETED || state !== "active" || HOLDERS[requester] === undefined) return;
    const closed = this.#closed.get(keyOfTicket(ticket ?? ""));
    if (!closed || closed.readAt < (approvedAt ?? "")) return;
    if (!facts.options.policy().rules.some(({ name }) => name === TICKETED)) return;
    const since = Math.max(closed.since, millisOf(approvedAt ?? ""));
    // Where the sweep was not woken, the next one looks.
    if (facts.now > facts.deadline(truth, since, facts.bounds.tight + LOOK_MS))
      facts.broken("ticket-ends", `${request.id} is still active, and ${ticket} is closed.`);
  }

  #check(
    request: AccessRequest,
    fact: TicketFact | UnknownTicket | undefined,
    at: number,
    late: number,
  ): void {
    const { rule } = request;
    if (rule !== TICKETED && rule !== VOUCHED) return;
    if (fact && "unknown" in fact) {
      if (rule !== VOUCHED) this.#broken(request, "leans on what is not known");
      return;
    }
    const found = fact && this.#said(request, fact);
    if (!fact || !found || !("ticket" in found)) {
      this.#broken(request, "leans on what nobody said");
      return;
    }
    const age = at - millisOf(fact.readAt) - late;
    const slack = this.#facts.bounds.skew + SECOND;
    const fault = this.#isWithdrawn(request, fact, at - late - slack)
      ? "what its tracker no longer said"
      : faultIn(request, found.ticket, fact, age, slack);
    if (fault) this.#broken(request, `leans on ${fault}`);
  }

  #checkRefusal(request: AccessRequest, code: string | undefined, readAt: string): void {
    const found = this.#said(request, { readAt });
    const own = HOLDERS[request.requester] ?? "";
    const isSo =
      found &&
      ("missing" in found
        ? code === "ticket-not-found"
        : "ticket" in found &&
          (code === "ticket-closed"
            ? !OPEN.has(found.ticket.status)
            : request.rule === TICKETED
              ? !found.ticket.assignees.includes(own)
              : found.ticket.reporter === own ||
                (found.ticket.createdAt ?? "") >= request.createdAt));
    if (!isSo) this.#broken(request, `was refused as ${code}, which nobody said`);
  }

  #checkClosed(request: AccessRequest, fact: TicketFact | UnknownTicket): void {
    const found = "unknown" in fact ? undefined : this.#said(request, fact);
    const isClosed = found && "ticket" in found && found.ticket.status === "done";
    if (!isClosed) this.#broken(request, "was ended for a ticket that nobody said was closed");
  }

  /** Whether the tracker refused our token, or made no sense, between the answer and an instant. */
  #isWithdrawn({ ticket }: AccessRequest, { readAt }: TicketFact, at: number): boolean {
    const answers = this.#answers.get(keyOfTicket(ticket ?? "")) ?? [];
    return answers.some(
      ({ at: later, look }) =>
        "unknown" in look &&
        FOR_GOOD.has(look.unknown) &&
        later > readAt &&
        millisOf(later) + LOOK_MS < at,
    );
  }

  #said({ ticket }: AccessRequest, { readAt }: { readonly readAt: string }) {
    const answers = this.#answers.get(keyOfTicket(ticket ?? "")) ?? [];
    return answers.find(({ at }) => at === readAt)?.look;
  }

  #broken({ id, requester, rule }: AccessRequest, what: string): void {
    this.#facts.broken("ticket-only", `${id} of ${requester} under ${rule} ${what}.`);
  }
}

/** The terms of a request name a ticket by its key, and are no fact. */
const factIn = (details: Step["event"]["details"]) =>
  "ticket" in details && typeof details.ticket === "object" ? details.ticket : undefined;

/** Why a ticket lends nothing; undefined where it does. @param age of the answer, in milliseconds */
function faultIn(
  { requester, rule, createdAt }: AccessRequest,
  ticket: Ticket,
  fact: TicketFact,
  age: number,
  slack: number,
): string | undefined {
  const own = HOLDERS[requester] ?? "";
  const isOwn = ticket.assignees.includes(own);
  const isOthers = ticket.reporter !== own && (ticket.createdAt ?? "") < createdAt;
  const faults: readonly (readonly [isThere: boolean, what: string])[] = [
    [!OPEN.has(ticket.status) || ticket.status !== fact.status, `one that was ${ticket.status}`],
    [rule === TICKETED && !isOwn, "one of somebody else"],
    [rule === VOUCHED && !isOthers, "one of its own making"],
    [age > COUNTS_MS + slack, "an old answer"],
    [millisOf(createdAt) - millisOf(fact.readAt) > BEFORE_MS + slack, "an answer of before"],
  ];
  return faults.find(([isThere]) => isThere)?.[1];
}
