/**
 * Facts about a request's calls beyond its audit events: items `EVID#<requestId>`. They are
 * never changed, and `evidence-chain.ts` links them.
 */
import type { ChainedRecord } from "../values/hash-chain.ts";
import type { ActivitySummary } from "./activity/activity-summary.ts";
import type { TrailEvent } from "./trail/trail-event.ts";

/** How an event of ours is explained where no call is on record. */
export type Why = "intent" | "removal" | "fuse";

/** The explanation of such an event, to follow "explained by". */
export const WHY_TEXTS: Readonly<Record<Why, string>> = {
  intent: "what a run was about to do",
  removal: "the end of a grant",
  fuse: "a fuse",
};

/** The details of a record, by its type, as they are stored. */
interface EvidenceDetails {
  /** CloudTrail has the call: which event, when it happened, and the hash of the record. */
  readonly confirmed: {
    readonly eksRequestId: string;
    readonly eventId: string;
    readonly eventTime: string;
    readonly sha256: string;
  };
  /** CloudTrail has not shown the call in the time that it had. */
  readonly missing: { readonly eksRequestId: string; readonly calledAt: string };
  /** CloudTrail has a call of ours whose answer is unknown, or that Scheduler made. */
  readonly explained: { readonly why: Why; readonly eventKey: string; readonly event: TrailEvent };
  /** A summary of what was done with the access. */
  readonly activity: ActivitySummary;
}

type EvidenceType = keyof EvidenceDetails;

/** A record before it has its place in the chain. */
export type EvidenceDraft = {
  readonly [Type in EvidenceType]: {
    readonly type: Type;
    readonly requestId: string;
    /** When it was recorded. ISO 8601 UTC. */
    readonly at: string;
    readonly details: EvidenceDetails[Type];
  };
}[EvidenceType];

/** One record. `requestId` names the chain. */
export type EvidenceRecord = EvidenceDraft & ChainedRecord & { readonly schema: 1 };
