/** Names what a record says, so that the same thing is recorded once in its chain. */
import { hashOf } from "../values/canonical-json.ts";
import type { ActivitySummary } from "./activity/activity-summary.ts";
import type { EvidenceDraft } from "./evidence-record.ts";
import { eventFindingId, type FindingDraft } from "./findings/finding-record.ts";

/**
 * A call is confirmed once and missing once. An event explains itself once, whatever the reason. A
 * summary is recorded again only if the log says something else by then.
 */
export function evidenceKey({ type, details }: EvidenceDraft): string {
  switch (type) {
    case "confirmed":
    case "missing":
      return `${type} ${details.eksRequestId}`;
    case "explained":
      return `explained ${details.eventKey}`;
    case "activity":
      return `activity ${hashOf(withoutPrice(details))}`;
  }
}

const withoutPrice = ({ scannedBytes, ...summary }: ActivitySummary) => summary;

/**
 * Names the event that a record explains, as a finding about it would: an event has one of the two.
 * Undefined for a record about a call, or about what was done.
 */
export const explainedKey = ({ type, details }: EvidenceDraft): string | undefined =>
  type === "explained" ? eventFindingId(details.eventKey) : undefined;

/**
 * An event is a finding or expected, and never both: a later policy does not judge it again. The
 * same person may acknowledge a finding more than once, with another note. Proof is different each
 * time, so it makes no difference.
 */
export function findingKey({ type, details }: FindingDraft): string {
  switch (type) {
    case "finding":
      return details.findingId;
    case "expected":
      return eventFindingId(details.eventKey);
    case "acknowledgement":
      return acknowledgementKey(details);
  }
}

const acknowledgementKey = ({
  findingId,
  actor,
  note,
}: {
  readonly findingId: string;
  readonly actor: string;
  readonly note: string;
}): string => `acknowledgement ${hashOf({ findingId, actor, note })}`;
