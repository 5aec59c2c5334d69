/**
 * Watches what is recorded about CloudTrail's events and about calls, and checks that it is true. The
 * oracle knows who made each change, which the broker must find out.
 */
import type { CallIntent } from "../../../shared/domain/evidence/calls/call-intent.ts";
import type { RecordedCall } from "../../../shared/domain/evidence/calls/recorded-call.ts";
import type { FindingCode } from "../../../shared/domain/evidence/findings/finding-record.ts";
import type { EvidenceStore } from "../../../shared/ports/evidence-store.ts";
import type { EksChange } from "../evidence/eks-change.ts";
import { instantOf } from "../virtual-time.ts";
import { markEditsIntended } from "./ambiguity.ts";
import { concludeEvidence } from "./evidence-conclusion.ts";
import { isKnownLimit, mayPassForOurs } from "./evidence-disguise.ts";
import { mayBeTaken } from "./evidence-taken.ts";
import {
  type Cause,
  type Draft,
  type EvidenceCounts,
  type EvidenceFacts,
  eventOf,
  type LoggedEvent,
  originalOf,
  type Recorded,
} from "./evidence-truth.ts";
import { type Facts, millisOf } from "./facts.ts";
import { checkSaidRecord } from "./said-record.ts";
import { NEVER } from "./truth.ts";

/** How long a delivered event may take to be recorded, after the last fault, in milliseconds. */
const RECORDED_WITHIN = 40 * 60_000;
const SECOND = 1_000;

export class EvidenceWatch implements EvidenceFacts {
  readonly facts: Facts;
  /** By the id of their first record. */
  readonly events = new Map<string, LoggedEvent>();
  readonly calls = new Map<string, RecordedCall>();
  readonly intents: CallIntent[] = [];
  readonly recorded: Recorded[] = [];
  readonly disguised = new Set<string>();
  #troubledUntil = NEVER;

  constructor(facts: Facts) {
    this.facts = facts;
  }

  // CloudTrail's actions.

  logged(eventId: string, change: EksChange, cause: Cause): void {
    const unseen = { deliveredAt: undefined, listedAt: undefined };
    this.events.set(eventId, { eventId, change, cause, ...unseen });
  }

  delivered(eventId: string): void {
    const event = this.events.get(eventId);
    if (event) event.deliveredAt ??= this.facts.now;
  }

  listed(eventId: string): void {
    const event = this.events.get(eventId);
    if (event) event.listedAt = this.facts.now;
  }

  // The broker's actions.

  /** A call to a store failed, a function ended, or nothing reaches correlate until then. */
  troubled(until = this.facts.now): void {
    this.#troubledUntil = Math.max(this.#troubledUntil, until);
  }

  surprised(name: string, error: unknown): void {
    const text = error instanceof Error ? error.stack : String(error);
    this.facts.broken("no-surprise", `${name} threw ${text}`);
  }

  called(call: RecordedCall): void {
    if (!this.calls.has(call.eksRequestId)) this.calls.set(call.eksRequestId, call);
  }

  intended(intent: CallIntent): void {
    this.intents.push(intent);
    markEditsIntended(this.facts, intent);
  }

  /** A record was added to a chain. */
  added(draft: Draft): void {
    this.recorded.push({ draft, at: this.facts.now });
    switch (draft.type) {
      case "confirmed":
        this.#checkConfirmed(draft.details);
        return;
      case "missing":
        this.#checkMissing(draft.details.eksRequestId, draft.details.calledAt);
        return;
      case "explained":
        this.#checkExplained(originalOf(draft.details.eventKey));
        return;
      case "finding":
        this.#checkFinding(draft);
        return;
    }
  }

  /** Only EKS's own record of a call confirms it. */
  #checkConfirmed({ eksRequestId, eventId }: { eksRequestId: string; eventId: string }): void {
    const event = this.events.get(originalOf(eventId));
    if (event?.cause.kind !== "ours" || event.change.requestId !== eksRequestId)
      this.facts.broken("confirmations-true", `${eventId} confirms ${eksRequestId}.`);
  }

  #checkMissing(requestId: string, calledAt: string): void {
    const { now, bounds, options } = this.facts;
    const due = millisOf(calledAt) + options.stack.broker.evidenceMissingSeconds * SECOND;
    if (now < due - bounds.skew)
      this.facts.broken("no-false-finding", `${requestId} counts as missing before a day.`);
    const event = eventOf(this, requestId);
    const seenAt = Math.min(event?.deliveredAt ?? now, event?.listedAt ?? now);
    if (Math.max(seenAt, this.#troubledUntil) + RECORDED_WITHIN < now)
      this.facts.broken(
        "no-false-finding",
        `${requestId} counts as missing, but was shown at ${instantOf(seenAt)}.`,
      );
  }

  #checkExplained(eventKey: string): void {
    const event = this.events.get(eventKey);
    if (event?.cause.kind === "ours") return;
    if (event && mayPassForOurs(this, event)) {
      this.disguised.add(eventKey);
      return;
    }
    this.facts.broken("changes-found", `${eventKey} is of others, and was explained as ours.`);
  }

  #checkFinding(draft: Extract<Draft, { type: "finding" }>): void {
    const { details } = draft;
    if (details.code === "missing-event") return;
    const event = this.events.get(originalOf(details.eventKey));
    if (event?.cause.kind === "outside") this.#checkTaken(event, details.code);
    if (event?.cause.kind !== "ours" || isKnownLimit(this, event)) return;
    const { operation, requestId } = event.change;
    this.facts.broken(
      "no-false-finding",
      `${event.eventId}, our ${operation} ${requestId}, is a finding: ${details.code}.`,
    );
  }

  /** An expected change is a finding only where a deletion took what it added, and so is that code. */
  #checkTaken(event: LoggedEvent, code: FindingCode): void {
    const isTaken = code === "taken-with-entry";
    const isExpected = event.cause.kind === "outside" && event.cause.becomes === "expected";
    if ((isTaken || isExpected) && !(isTaken && mayBeTaken(this, event)))
      this.facts.broken(
        "no-false-finding",
        `${event.eventId} is a finding, ${code}, and no deletion of ours took what it added.`,
      );
  }

  /** Judges the records once every event was taken. @param leftAt as of `checkSaidRecord` */
  async conclude(evidence: EvidenceStore, leftAt: ReadonlyMap<string, number>): Promise<void> {
    await concludeEvidence(this, evidence);
    if (this.facts.violations.length === 0) await checkSaidRecord(this, evidence, leftAt);
  }

  get counts(): EvidenceCounts {
    const count = (type: Draft["type"]) =>
      this.recorded.filter(({ draft }) => draft.type === type).length;
    const missing = count("missing");
    return {
      events: this.events.size,
      confirmed: count("confirmed"),
      explained: count("explained"),
      findings: count("finding"),
      expected: count("expected"),
      missing,
    };
  }
}
