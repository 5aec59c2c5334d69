/**
 * Changes to a cluster's access entries that people must look at: items `FIND#<chain>`. They
 * are never changed, and `evidence-chain.ts` links them by cluster and month.
 */
import { parseClusterArn } from "../../values/arn.ts";
import { sha256 } from "../../values/canonical-json.ts";
import type { ElementSet } from "../../values/element-set.ts";
import type { ChainedRecord } from "../../values/hash-chain.ts";
import { secondsBetween } from "../../values/instant.ts";
import type { CallFact } from "../calls/recorded-call.ts";
import type { EntryDeletion } from "../calls/taken-with-entry.ts";
import type { TrailEvent } from "../trail/trail-event.ts";

/**
 * - `outside-change`: somebody who is not expected to changed an access entry.
 * - `taken-with-entry`: others added something to an entry that a call of ours deleted before a
 * read could show it. This holds for expected principals too.
 * - `grantor-outside-call`: a grantor role was used, but no call of ours explains it.
 * - `fuse-outside-schedule`: the fuse's role was used, but no armed fuse explains it.
 * - `forged-request-id`: the event has the request id of a call of ours, but other facts.
 * - `missing-event`: EKS answered a call of ours, but CloudTrail has not shown it.
 */
export const FINDING_CODES = [
  "outside-change",
  "taken-with-entry",
  "grantor-outside-call",
  "fuse-outside-schedule",
  "forged-request-id",
  "missing-event",
] as const;

export type FindingCode = (typeof FINDING_CODES)[number];

/** An event that needs to be explained to people. */
export interface EventFinding {
  readonly code: Exclude<FindingCode, "missing-event">;
  readonly eventKey: string;
  /** CloudTrail's event: the caller, the time and the source. */
  readonly event: TrailEvent;
  /** An access policy's ARN or `groups`; null for a change of the entry itself. */
  readonly target: string | null;
  /** Elements on the target before, as last known; null if nobody knows. */
  readonly before: ElementSet | null;
  /** Elements on the target after the change; as `before` if the call failed. */
  readonly after: ElementSet | null;
  /** For `forged-request-id`: in what the event differs from the call. Otherwise empty. */
  readonly differs: readonly CallFact[];
  /** For `taken-with-entry`: the call that deleted the entry. Otherwise absent. */
  readonly taken?: EntryDeletion;
}

/** A call of ours that CloudTrail does not show. */
interface MissingFinding {
  readonly code: "missing-event";
  readonly eksRequestId: string;
  readonly principalArn: string;
  readonly calledAt: string;
}

/** The details of a record, by its type. They are stored in this form. */
interface FindingDetails {
  readonly finding: (EventFinding | MissingFinding) & {
    readonly findingId: string;
    /** Requests whose access was on the entry: the finding stands on them for ever. */
    readonly requestIds: readonly string[];
  };
  /** A person has looked at a finding. */
  readonly acknowledgement: {
    readonly findingId: string;
    /** A person of `access.yaml`. */
    readonly actor: string;
    readonly note: string;
    /** As in an audit event: the gateway's request id and the caller's unique id. */
    readonly proof: Readonly<Record<string, string>>;
  };
  /** A change by a principal that `access.yaml` expects: listed and counted, and no finding. */
  readonly expected: {
    readonly eventKey: string;
    readonly principal: string;
    readonly reason: string;
    readonly event: TrailEvent;
  };
}

type FindingType = keyof FindingDetails;

/** A record before it has its place in the chain. */
export type FindingDraft = {
  readonly [Type in FindingType]: {
    readonly type: Type;
    /** The chain, as `findingChain` names it. */
    readonly chain: string;
    /** When it was recorded. ISO 8601 UTC. */
    readonly at: string;
    readonly details: FindingDetails[Type];
  };
}[FindingType];

export type FindingRecord = FindingDraft & ChainedRecord & { readonly schema: 1 };

/** The record of a finding itself. */
export type FoundRecord = Extract<FindingRecord, { readonly type: "finding" }>;

/** The record that a person has looked at a finding. */
export type AcknowledgementRecord = Extract<FindingRecord, { readonly type: "acknowledgement" }>;

/**
 * The chain of a finding and of its acknowledgements: cluster and month of the event, whenever it is
 * recorded. So a duplicate, however late, meets the first.
 *
 * @param instant when the event happened, or when the call was made
 */
export const findingChain = (clusterArn: string, instant: string): string =>
  `${clusterArn}#${instant.slice(0, "2026-11".length)}`;

/** The cluster in whose chain a finding is; null where CloudTrail names none. */
export function clusterInChain(chain: string): string | null {
  const cluster = chain.slice(0, chain.lastIndexOf("#"));
  return parseClusterArn(cluster) ? cluster : null;
}

/** When the call was made, as far as anybody knows. */
export const happenedAt = (details: FoundRecord["details"]): string =>
  details.code === "missing-event" ? details.calledAt : details.event.eventTime;

/** How far a finding may be from an instant that it is shown beside, in seconds. */
export const AROUND_SECONDS = 3_600;

/** Whether a finding happened so near to an instant that it is shown beside it. */
export const isAround = ({ details }: FoundRecord, at: string): boolean =>
  Math.abs(secondsBetween(at, happenedAt(details))) <= AROUND_SECONDS;

/** The same for every report of the same event, whatever is found about it. */
export const eventFindingId = (eventKey: string): string => idOf("event", eventKey);

/** The same for every report of the same call. */
export const missingFindingId = (eksRequestId: string): string => idOf("call", eksRequestId);

const idOf = (kind: string, key: string) => sha256(`${kind} ${key}`).slice(0, 32);

/**
 * Gravest first. A caller in a grantor role can lend all that Timelatch can. A forged id passes another call
 * off as ours. The fuse role can only take away, and a missing event may yet come.
 */
const BY_GRAVITY: Readonly<Record<FindingCode, number>> = {
  "grantor-outside-call": 1,
  "forged-request-id": 2,
  "outside-change": 3,
  "fuse-outside-schedule": 4,
  "missing-event": 5,
  "taken-with-entry": 6,
};

/** The gravest first; of one code, in the order in which they come. */
export const byGravity = <Found extends { readonly code: FindingCode }>(
  findings: readonly Found[],
): readonly Found[] => findings.toSorted((a, b) => BY_GRAVITY[a.code] - BY_GRAVITY[b.code]);
