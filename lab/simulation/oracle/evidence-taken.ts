/** Elements that others added to an entry before our call deleted it, as the oracle knows them. */
import { callsIn } from "../../../shared/domain/requests/audit-event.ts";
import type { EksChange } from "../evidence/eks-change.ts";
import { mayPassForOurs } from "./evidence-disguise.ts";
import type { Draft, EvidenceFacts, LoggedEvent } from "./evidence-truth.ts";
import { millisOf } from "./facts.ts";

const SECOND = 1_000;
/** More than two clocks differ, a run lasts, and CloudTrail cuts off. */
const TOLERANCE = 35 * SECOND;

const adds = ({ operation, elements, errorCode }: EksChange): boolean =>
  errorCode === null && operation !== "DisassociateAccessPolicy" && elements.length > 0;

const isSameEntry = (a: EksChange, b: Pick<EksChange, "clusterArn" | "principalArn">): boolean =>
  a.clusterArn === b.clusterArn && a.principalArn === b.principalArn;

/** Whether a call of ours deleted the entry about when others added something to it. */
export function mayBeTaken(watch: EvidenceFacts, { change, cause }: LoggedEvent): boolean {
  if (cause.kind === "ours" || !adds(change)) return false;
  const until = change.at + watch.facts.options.stack.broker.readLagSeconds * SECOND + TOLERANCE;
  return [...watch.events.values()].some((deletion) => {
    const { cause: by, change: other } = deletion;
    return (
      other.operation === "DeleteAccessEntry" &&
      other.errorCode === null &&
      isSameEntry(change, other) &&
      other.at >= change.at - TOLERANCE &&
      other.at <= until &&
      // Nobody tells a deletion by an intruder in a session of ours from one of ours.
      (by.kind === "ours" || mayPassForOurs(watch, deletion))
    );
  });
}

/**
 * Whether a record keeps quiet about what a deletion took: it was in a history when the record was made,
 * or soon enough after the addition to be waited for.
 *
 * @param at when the record was made, in milliseconds
 */
export function hidesDeletion(
  watch: EvidenceFacts,
  { change, cause }: LoggedEvent,
  draft: Draft,
  at: number,
): boolean {
  const isOthers = draft.type === "expected" || codeOf(draft) === "outside-change";
  if (cause.kind === "ours" || !isOthers || !adds(change)) return false;
  const { tables, stack } = watch.facts.options;
  const lag = stack.broker.readLagSeconds * SECOND;
  const skew = watch.facts.bounds.skew;
  const knownBy = Math.max(at, change.at + lag) - skew;
  const deletedAt = tables.events.flatMap((event) => {
    const grant = tables.requests.get(event.requestId);
    const isHere = grant && isSameEntry(change, { ...grant, clusterArn: grant.cluster.arn });
    if (!isHere || millisOf(event.at) > knownBy) return [];
    // Nothing leads from the entry to a grant that never began: a bare entry that was left over goes in its session.
    if (!watch.facts.begun.has(event.requestId)) return [];
    return callsIn(event).flatMap(({ operation, result, at: calledAt }) =>
      operation === "DeleteAccessEntry" && result === "ok" ? millisOf(calledAt) : [],
    );
  });
  return deletedAt.some((each) => each >= change.at + skew && each <= change.at + lag);
}

const codeOf = (draft: Draft): string | undefined =>
  draft.type === "finding" ? draft.details.code : undefined;
