/** A fuse that Scheduler had armed, and whether an event is its call. */
import { GROUPS } from "../../entries/access.ts";
import { type EvidenceTimes, happenedWithin } from "../evidence-times.ts";
import { isAboutEntry, type TrailEvent } from "../trail/trail-event.ts";

export interface ArmedFuse {
  readonly clusterArn: string;
  readonly principalArn: string;
  /** An access policy's ARN, or `groups`: that fuse deletes the entry. */
  readonly target: string;
  /** The role under which Scheduler makes the call. */
  readonly roleArn: string;
  /** When it fires, and when Scheduler gives up. ISO 8601 UTC. */
  readonly at: string;
  readonly until: string;
  /** Ids of the requests whose access it removes. */
  readonly requestIds: readonly string[];
}

/** Whether the event is the fuse's call. Scheduler may make it more than once. */
export function isFiredBy(fuse: ArmedFuse, event: TrailEvent, times: EvidenceTimes): boolean {
  const operation = fuse.target === GROUPS ? "DeleteAccessEntry" : "DisassociateAccessPolicy";
  const isTarget = event.clusterArn === null || fuse.target === (event.policyArn ?? GROUPS);
  return (
    event.caller.roleArn === fuse.roleArn &&
    event.operation === operation &&
    isTarget &&
    isAboutEntry(event, fuse.clusterArn, fuse.principalArn) &&
    happenedWithin(event.eventTime, fuse.at, fuse.until, times)
  );
}
