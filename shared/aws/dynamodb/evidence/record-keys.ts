/** The keys of records of evidence and findings, of calls and intents, and of the items beside them. */
import type { CallIntent } from "../../../domain/evidence/calls/call-intent.ts";
import type { AuditEvent } from "../../../domain/requests/audit-event.ts";
import { STOPS_CHAIN } from "../../../domain/stops/stops.ts";
import { hashOf } from "../../../domain/values/canonical-json.ts";
import { plusSeconds } from "../../../domain/values/instant.ts";
import { INTENT_SECONDS } from "../../../ports/evidence-store.ts";
import type { EndNote } from "../../../ports/request-store.ts";
import { hourPk, padded, shardOf } from "../keys.ts";

/** In the audit table, as audit events are: only put, and only if absent. */
export const evidencePk = (requestId: string) => `EVID#${requestId}`;
export const findingPk = (chain: string) => `FIND#${chain}`;

/**
 * Beside the records of a chain, in the audit table: what makes a record the only one of its kind.
 * The item of a finding says where its record is, and so does that of each acknowledgement. An event
 * that is expected or explained has the item that a finding about it would have. Each kind has a
 * prefix of its own, because IAM tells them apart by it.
 */
export const evidenceOnceKey = (requestId: string, key: string) => ({
  pk: `ONCE#${requestId}`,
  sk: key,
});
export const findingPlaceKey = (findingId: string) => ({ pk: `FINDING#${findingId}`, sk: "PLACE" });
export const acknowledgementPk = (findingId: string) => `ACK#${findingId}`;

/** Pointers from a request to the findings that stand on it. */
export const aboutPk = (requestId: string) => `ABOUT#${requestId}`;
export const aboutKey = (requestId: string, at: string, findingId: string) => ({
  pk: aboutPk(requestId),
  sk: `${at}#${findingId}`,
});

/**
 * Pointers to the findings that nobody has acknowledged, in the requests table, where they may be
 * deleted. One partition: findings are rare.
 */
export const OPEN_FINDINGS = "OPEN#FINDINGS";
export const openFindingKey = (at: string, findingId: string) => ({
  pk: OPEN_FINDINGS,
  sk: `${at}#${findingId}`,
});

/** In the audit table, so that nobody can take it back: that somebody ended a request. */
export const endNotePk = (requestId: string) => `ENDED#${requestId}`;
export const endNoteKey = (requestId: string, { at, actor, verb }: EndNote) => ({
  pk: endNotePk(requestId),
  sk: `${verb === "cancel" ? CANCELS : ""}${at}#${actor}`,
});
/** Notes of cancellations sort after all others, which begin with an instant. An item that others put over a note has the same key. */
export const CANCELS = "cancel#";

/**
 * The records of a delegation, in the audit table. Among the functions that face people, only api
 * may put them.
 */
export const delegationPk = (id: string) => `DELEG#${id}`;

/**
 * In the requests table: that nobody has ended a delegation. A decision on somebody's behalf is stored
 * only while it is there.
 */
export const delegationKey = (id: string) => ({ pk: `DELEGATION#${id}`, sk: "LIVE" });

/** Pointers to delegations that nobody has ended: of a delegate, of a delegator, and all. */
export const delegatePk = (person: string) => `DELEGATE#${person}`;
export const delegatorPk = (person: string) => `DELEGATOR#${person}`;
export const DELEGATIONS = "DELEGATIONS";
/** Pointers to delegations to a person that were ended, for a day. */
export const endedDelegatePk = (person: string) => `DELEGATE-ENDED#${person}`;

/** Sorted by when they are over. */
export const delegationSk = (until: string, id: string) => `${until}#${id}`;

/** When DynamoDB may forget what points to a delegation, in epoch seconds: a day after it is over. */
export const delegationTtl = (until: string) =>
  Math.ceil(Date.parse(plusSeconds(until, 86_400)) / 1_000);

/**
 * The one chain of suspensions and drains, in the audit table. Only api may put its records.
 * Converge's copy of their result is in the ledger table, which only converge writes.
 */
export const STOPS_PK = `STOP#${STOPS_CHAIN}`;
export const STOP_COPY = { pk: STOPS_PK, sk: "COPY" } as const;

/** The readings of standing access of a cluster, in the audit table. Only standing may put them. */
export const readingPk = (clusterArn: string) => `STANDING#${clusterArn}`;

export const chainedKey = (pk: string, seq: number) => ({ pk, sk: padded(seq) });

/**
 * Records of evidence and findings in the audit index, by the hour in which they were recorded. They
 * have partitions of their own, so that the list of audit events need not read over them.
 */
export const recordIndex = (pk: string, { at, seq }: Pick<AuditEvent, "at" | "seq">) => ({
  auditPk: recordsPk(at),
  auditSk: `${at}#${pk}#${padded(seq)}`,
});

/** The audit index's partitions of an hour: audit events, and all other records. */
export const auditPartitions = (hour: string): readonly string[] => [hourPk(hour), recordsPk(hour)];

/** The partition of the audit index for records of evidence and findings: `RECORDS#HOUR#…`. */
export const recordsPk = (instant: string) => `RECORDS#${hourPk(instant)}`;

/** An answered call of ours. Only converge puts these, and only correlate takes them off the index. */
export const callKey = (eksRequestId: string) => ({ pk: `CALL#${eksRequestId}`, sk: "CALL" });

/** A call once more, for each request that it served, in the order in which calls were answered. */
export const callsPk = (requestId: string) => `CALLS#${requestId}`;
export const callOfKey = (requestId: string, at: string, eksRequestId: string) => ({
  pk: callsPk(requestId),
  sk: `${at}#${eksRequestId}`,
});

/** When a call that waits for its confirmation is looked for next, in the call's shard. */
export const unconfirmedIndex = (eksRequestId: string, turn: string) => ({
  unconfirmedPk: unconfirmedPk(shardOf(eksRequestId)),
  unconfirmedSk: turn,
});
export const unconfirmedPk = (shard: number) => `UNCONFIRMED#${shard}`;

/**
 * The addition that a run was about to make. All intents of an entry are one partition, because an
 * event names its entry and its session. The store finds by entry, and the rule compares the
 * session. The hash keeps two runs apart that store theirs at the same instant, each by its own
 * clock.
 */
export const intentPk = (binding: string) => `INTENT#${binding}`;
export const intentKey = (binding: string, intent: CallIntent) => ({
  pk: intentPk(binding),
  sk: `${intent.from}#${intent.sessionName}#${hashOf(intent)}`,
});

/** When DynamoDB may delete an intent, in epoch seconds. */
export const intentTtl = (from: string) =>
  Math.ceil(Date.parse(plusSeconds(from, INTENT_SECONDS)) / 1_000);
