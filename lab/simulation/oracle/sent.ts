/**
 * A call whose answer was lost to its sender: it is stored once, and what they read of it is true.
 */
import type { AuditEvent, EventType } from "../../../shared/domain/requests/audit-event.ts";
import type { AccessRequest } from "../../../shared/domain/requests/request.ts";
import type { Facts } from "./facts.ts";

export interface Sent {
  /** Begins the id of each call that sends it. */
  readonly name: string;
  /** The event that it stores. */
  readonly type: Extract<
    EventType,
    "request" | "approve" | "deny" | "cancel" | "return" | "revoke"
  >;
  readonly person: string;
  /** The request as it was read before; undefined where it makes one. */
  readonly before: Pick<AccessRequest, "id" | "version"> | undefined;
  readonly isNew: boolean;
}

export class SentWatch {
  readonly #facts: Facts;

  constructor(facts: Facts) {
    this.#facts = facts;
  }

  /** Whether any call that sends it has stored it. */
  isStored(sent: Sent): boolean {
    return this.#stored(sent).length > 0;
  }

  /** However often it was sent. */
  checkOnce(sent: Sent): void {
    const stored = this.#stored(sent);
    if (stored.length > 1)
      this.#broken(
        sent,
        `is stored as ${stored.map((each) => `${each.requestId} ${each.seq}`).join(" and ")}.`,
      );
  }

  /** The API answered it, or a list has it. */
  answered(sent: Sent, { id }: AccessRequest): void {
    this.checkOnce(sent);
    // Nobody can tell a forged record with the same terms from their own.
    if (this.#facts.forged.has(id)) return;
    if (sent.isNew && !this.#stored(sent).some(({ requestId }) => requestId === id))
      this.#broken(sent, `is answered with ${id}, which another call made.`);
  }

  /** Its own history is said to show it, and it is in this state. */
  shown(sent: Sent, { id, state, version }: AccessRequest): void {
    const { events } = this.#facts.options.tables;
    const own = events.filter((each) => each.requestId === id);
    const isThere = own.some(
      ({ type, actor, seq }) =>
        type === sent.type && actor === sent.person && seq > (sent.before?.version ?? 0),
    );
    // A forged record is read as it was forged.
    const wasSo =
      this.#facts.forged.has(id) || own.some(({ seq, to }) => seq === version && to === state);
    if (!isThere || !wasSo) this.#broken(sent, `is read as stored, and ${id} as ${state}.`);
  }

  /** A read did not show it. @param wasThere whether it was stored when the read began */
  notShown(sent: Sent, wasThere: boolean): void {
    if (wasThere) this.#broken(sent, "is read as not stored, and was.");
  }

  #stored({ name, type, before }: Sent): readonly AuditEvent[] {
    return this.#facts.options.tables.events.filter(
      (event) =>
        event.type === type &&
        (before === undefined || event.requestId === before.id) &&
        callOf(event).startsWith(`${name}#`),
    );
  }

  #broken({ person, type, name }: Sent, detail: string): void {
    this.#facts.broken("sent-once", `${type} of ${person} (${name}) ${detail}`);
  }
}

/** The id of the call that stored an event. */
function callOf({ details }: AuditEvent): string {
  const { proof } = details as { readonly proof?: { readonly gatewayRequestId?: string } };
  return proof?.gatewayRequestId ?? "";
}
