/** A call of ours that EKS answered, and whether an event of CloudTrail is about it. */
import { type ElementSet, sameSet } from "../../values/element-set.ts";
import { changeOf, type EntryOperation, type TrailEvent } from "../trail/trail-event.ts";

/** The content of an item `CALL#<eksRequestId>`: one call that changes an access entry. */
export interface RecordedCall {
  readonly eksRequestId: string;
  readonly operation: EntryOperation;
  readonly clusterArn: string;
  readonly principalArn: string;
  /** An access policy's ARN or `groups`; null for a call about the entry itself. */
  readonly target: string | null;
  /** All elements on the target after the call. */
  readonly elements: ElementSet;
  /** The grantor role that made it, and in which session. */
  readonly roleArn: string;
  readonly sessionName: string;
  /** When the answer was read. ISO 8601 UTC. */
  readonly at: string;
  /** `ok`, or the name of the error. */
  readonly result: string;
  /** Ids of the requests that it served; none for a call that only the binding caused. */
  readonly requestIds: readonly string[];
}

/** A fact in which an event and a call can differ. */
export type CallFact =
  | "operation"
  | "clusterArn"
  | "principalArn"
  | "target"
  | "elements"
  | "roleArn"
  | "sessionName"
  | "result";

/**
 * The facts in which an event with the call's request id differs from the call. None: the event
 * confirms the call. EKS never gives a request id twice, so a difference means that one is false.
 * Only success counts of the result: CloudTrail and the SDK name some errors differently.
 */
export function differences(call: RecordedCall, event: TrailEvent): readonly CallFact[] {
  const { target, elements } = changeOf(event);
  const same: Readonly<Record<CallFact, boolean>> = {
    operation: call.operation === event.operation,
    clusterArn: agrees(call.clusterArn, event.clusterArn, event),
    principalArn: agrees(call.principalArn, event.principalArn, event),
    target: isUnread(event) || call.target === target,
    elements: isUnread(event) || sameSet(call.elements, elements),
    roleArn: call.roleArn === event.caller.roleArn,
    sessionName: call.sessionName === event.caller.sessionName,
    result: (call.result === "ok") === (event.errorCode === null),
  };
  return (Object.keys(same) as CallFact[]).filter((fact) => !same[fact]);
}

const agrees = (ours: string, theirs: string | null, event: TrailEvent): boolean =>
  ours === theirs || (theirs === null && isUnread(event));

/** CloudTrail shows no parameters of a call that failed early. */
const isUnread = ({ errorCode, clusterArn }: TrailEvent): boolean =>
  errorCode !== null && clusterArn === null;
