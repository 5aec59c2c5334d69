/** The calls that a run was about to add access by, stored before the first one. */
import { carriedBy, type EntryStep, targetOf } from "../../entries/step.ts";
import type { ElementSet } from "../../values/element-set.ts";
import { type EvidenceTimes, happenedSince } from "../evidence-times.ts";
import type { EntryOperation } from "../trail/trail-event.ts";

/** The contents of an item `INTENT#<sessionName>`. */
export interface CallIntent {
  readonly sessionName: string;
  readonly clusterArn: string;
  readonly principalArn: string;
  readonly calls: readonly IntendedCall[];
  /**
   * Ids of requests whose fuse the run was about to arm. A fuse may fire although its grant never had
   * access, so no call names the request.
   */
  readonly fusesOf?: readonly string[];
  /** By target of the calls: the elements of the entry's owner, which no call of ours removes. */
  readonly owners: Readonly<Record<string, ElementSet>>;
  /** When it was stored. ISO 8601 UTC. */
  readonly from: string;
  /** When an unanswered call of the run has landed at the latest. */
  readonly until: string;
}

/** One call that a run was about to make. */
export interface IntendedCall {
  readonly operation: EntryOperation;
  /** An access policy's ARN or `groups`; null for a call about the entry itself. */
  readonly target: string | null;
  /** All elements on the target after the call. */
  readonly elements: ElementSet;
  /** Ids of the requests that it serves. */
  readonly requestIds: readonly string[];
  /**
   * By request id, the elements that it asked for. Absent where the call carries nothing but one request's and its owner's.
   * Earlier releases never stored it.
   */
  readonly asked?: Readonly<Record<string, ElementSet>>;
}

const OPERATIONS: Readonly<Record<EntryStep["kind"], EntryOperation>> = {
  "create-entry": "CreateAccessEntry",
  "update-groups": "UpdateAccessEntry",
  "delete-entry": "DeleteAccessEntry",
  associate: "AssociateAccessPolicy",
  disassociate: "DisassociateAccessPolicy",
};

/**
 * By target, the elements of the entry's owner as the latest intent before an instant knew them. The
 * ledger knows them later than that, but only converge may read it.
 *
 * @param intents newest first
 */
export function ownersAt(
  intents: readonly CallIntent[],
  at: string,
  times: Pick<EvidenceTimes, "clockDifferenceSeconds">,
): Readonly<Record<string, ElementSet>> {
  const known = intents.filter(({ from }) => happenedSince(at, from, times));
  return Object.assign({}, ...known.toReversed().map(({ owners }) => owners));
}

/** The call that carries out a step. */
export const intendedCall = (step: EntryStep, requestIds: readonly string[]): IntendedCall => ({
  operation: OPERATIONS[step.kind],
  target: targetOf(step) ?? null,
  elements: carriedBy(step),
  requestIds,
});
