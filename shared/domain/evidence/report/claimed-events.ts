/** Claims of records about CloudTrail's events. Each stands once, so no record of the same call or event hides another. */
import { isExpected } from "../calls/expected-principal.ts";
import type { EvidenceRecord } from "../evidence-record.ts";
import {
  type EventFinding,
  eventFindingId,
  type FindingRecord,
} from "../findings/finding-record.ts";
import { changeOf, eventKeyOf, type TrailEvent } from "../trail/trail-event.ts";
import type { GivenEvent } from "./completeness.ts";
import { type ConfirmationClaim, eventFacts, isOwnCaller } from "./contradicted-events.ts";

/** An event of CloudTrail with the account of it. */
interface AccountedEvent extends GivenEvent {
  readonly eventTime: string;
  /** The hash of what the record says of it. */
  readonly facts: string;
  /** Whether the record may say this of such a caller. */
  readonly isFit: boolean;
}

/** An event as some record shows it, under the key that the record has. */
type ClaimedEvent = AccountedEvent & { readonly eventKey: string };

export interface ClaimedEvents {
  /** Events by their keys, each once. */
  readonly explained: ReadonlyMap<string, AccountedEvent>;
  readonly found: ReadonlyMap<string, AccountedEvent>;
  readonly expected: ReadonlyMap<string, AccountedEvent>;
  readonly confirmations: readonly ConfirmationClaim[];
  /** Every claim about an event of the three lists. */
  readonly claims: readonly ClaimedEvent[];
}

interface ClaimBuilder extends ClaimedEvents {
  addConfirmation(claim: ConfirmationClaim): void;
  addExplained(details: Explained): void;
  addFound(details: Found): void;
  addExpected(details: Expected): void;
}

export function claimedEvents(): ClaimBuilder {
  const confirmations = new Map<string, ConfirmationClaim>();
  const claims = new Map<string, ClaimedEvent>();
  const explained = new Map<string, AccountedEvent>();
  const found = new Map<string, AccountedEvent>();
  const expected = new Map<string, AccountedEvent>();
  const add = (into: Map<string, AccountedEvent>, eventKey: string, event: AccountedEvent) => {
    into.set(eventKey, event);
    const isFit = event.isFit && eventKey === event.eventId;
    claims.set(JSON.stringify([eventKey, event.facts, isFit]), { ...event, isFit, eventKey });
  };
  return {
    ...{ explained, found, expected },
    get confirmations() {
      return [...confirmations.values()];
    },
    get claims() {
      return [...claims.values()];
    },
    addConfirmation({ eksRequestId, eventId, eventTime, sha256 }) {
      const claim = { eksRequestId, eventId, eventTime, sha256 };
      confirmations.set(JSON.stringify(claim), claim);
    },
    addExplained: (details) => add(explained, details.eventKey, explainedEvent(details)),
    addFound: (details) => add(found, details.eventKey, foundEvent(details)),
    addExpected: (details) => add(expected, details.eventKey, expectedEvent(details)),
  };
}

type Explained = (EvidenceRecord & { type: "explained" })["details"];

/** Only events of our own roles have an explanation. */
const explainedEvent = ({ why, event }: Explained): AccountedEvent =>
  accounted(event, isOwnCaller(event.caller, why === "fuse" ? "fuse" : "grantor"));

type Expected = (FindingRecord & { type: "expected" })["details"];

/** Only the principal that a record names can make its change. */
const expectedEvent = (details: Expected): AccountedEvent =>
  accounted(details.event, isExpected(details, details.event.caller));

type Found = Extract<(FindingRecord & { type: "finding" })["details"], EventFinding>;

/** A finding has the id and the target that its event gives it: acknowledgements name the one, people read the other. */
const foundEvent = ({ event, eventKey, findingId, target }: Found): AccountedEvent =>
  accounted(event, findingId === eventFindingId(eventKey) && target === changeOf(event).target);

/** The key stands for the event's id, so that a corrected record is the event that it corrects. */
const accounted = (event: TrailEvent, isFit = true): AccountedEvent => ({
  eventId: eventKeyOf(event),
  addendum: null,
  operation: event.operation,
  errorCode: event.errorCode,
  eventTime: event.eventTime,
  facts: eventFacts(event),
  isFit,
});
