/**
 * All keys of the three tables, and all index attributes. Keys of evidence, findings and calls are in
 * `record-keys.ts`, those of standing access in `standing-keys.ts`, and the index of the grants of
 * clusters in `lent-keys.ts`. The requests table has the
 * indexes `mine`, `live`, `removal`, `due`, `driftCheck`, `notice`, `unconfirmed` and `lent`, the audit
 * table has `audit`. An item is in an index if it has that index's two attributes. Numbers are
 * padded and instants are ISO 8601, so text order is numeric and time order.
 */

import type { AuditEvent } from "../../domain/requests/audit-event.ts";
import { extensionTerms, filingOf } from "../../domain/requests/filing.ts";
import { ACCESS_MAY_EXIST } from "../../domain/requests/lifecycle.ts";
import type { AccessRequest } from "../../domain/requests/request.ts";
import type { Review } from "../../domain/requests/review.ts";
import { sha256 } from "../../domain/values/canonical-json.ts";
import { plusSeconds } from "../../domain/values/instant.ts";
import { IN_TURN } from "../../ports/binding-store.ts";
import { NONCE_SECONDS, type RateWindow } from "../../ports/request-store.ts";
import { lentIndex } from "./requests/lent-keys.ts";

/** The schema that this release reads. The next release may write another. */
export const SCHEMA = 1;

/** How many shards each index of due items has, so that no single partition takes every write. */
export const SHARDS = 8;

/** A record's number in a chain, as a sort key. */
export const padded = (seq: number) => String(seq).padStart(6, "0");

export const stateKey = (id: string) => ({ pk: `REQ#${id}`, sk: "STATE" });

/** In the audit table. Events are only put, and only if absent; IAM denies every other change. */
export const auditKey = (id: string, seq: number) => ({ pk: auditPk(id), sk: padded(seq) });
export const auditPk = (id: string) => `AUDIT#${id}`;

export const bindingPk = (binding: string) => `BIND#${binding}`;
export const HEAD = "HEAD";
export const headKey = (binding: string) => ({ pk: bindingPk(binding), sk: HEAD });
const GRANT = "GRANT#";
export const grantKey = (binding: string, id: string) => ({
  pk: bindingPk(binding),
  sk: GRANT + id,
});
/** The id under which an item is filed as a grant; undefined for a head. */
export const grantIdIn = (sk: string) =>
  sk.startsWith(GRANT) ? sk.slice(GRANT.length) : undefined;

/**
 * The attribute of a head with a grant's version. A query is not isolated from a transaction that
 * commits meanwhile. With these versions the reader can check that it has all grants of the head.
 */
export const headGrant = (id: string) => `${HEAD_GRANT}${id}`;
export const HEAD_GRANT = "grant#";

/** The attributes of a head that count a person's grants: `approved` or `active`, and `ending`. */
export const headCounts = (person: string) => ({
  open: `open#${person}`,
  ending: `ending#${person}`,
});
export const isHeadCount = (attribute: string): boolean => /^(open|ending)#/.test(attribute);

export const idempotencyKey = (keyHash: string) => ({ pk: `IDEM#${keyHash}`, sk: "KEY" });

/** How long a key returns its first answer, at least. */
const IDEMPOTENCY_SECONDS = 86_400;

/** When DynamoDB may delete an idempotency key, in epoch seconds. */
export const idempotencyTtl = (createdAt: string) =>
  Date.parse(plusSeconds(createdAt, IDEMPOTENCY_SECONDS)) / 1_000;

/** A signed message that acted. */
export const nonceKey = (nonce: string) => ({ pk: `NONCE#${nonce}`, sk: "NONCE" });

/** When DynamoDB may forget it, in epoch seconds. */
export const nonceTtl = (usedAt: string) =>
  Math.ceil(Date.parse(plusSeconds(usedAt, NONCE_SECONDS)) / 1_000);

/** Identifies terms that a requester may have pending only once, as they were at its creation. */
export const pendingKey = (request: AccessRequest) => ({
  pk: `UNIQ#${filingOf(request).terms}`,
  sk: "PENDING",
});

/** One extension of a grant may be pending. */
export const pendingExtensionKey = (grantId: string) => ({
  pk: `UNIQ#${extensionTerms(grantId)}`,
  sk: "PENDING",
});

/** The ids of a person's pending requests, as one set. */
export const pendingOfKey = (person: string) => ({ pk: `PENDING#${person}`, sk: "PENDING" });

/** The calls of one operation by one person in one window. */
export const rateKey = ({ person, operation, from }: RateWindow) => ({
  pk: `RATE#${person}`,
  sk: `${operation}#${from}`,
});

/** When DynamoDB may delete a window, in epoch seconds. */
export const rateTtl = ({ until }: RateWindow) => Math.ceil(Date.parse(until) / 1_000);

/**
 * The record of messages sent about a subject. In this table, notify may change only these items
 * and lanes.
 */
export const noticeKey = (subject: string) => ({ pk: `NOTICE#${subject}`, sk: "NOTICE" });

/** When a lane of messages is free next: with the records of notices, what notify may change. */
export const paceKey = (lane: string) => ({ pk: `PACE#${lane}`, sk: "PACE" });

/** When DynamoDB may delete an idle lane, in epoch seconds: a day after its last slot. */
export const paceTtl = (slot: string) => Math.ceil(Date.parse(plusSeconds(slot, 86_400)) / 1_000);

/**
 * When the notices of a subject are to be looked at next, in the subject's shard.
 *
 * @param wanted the number of its last step, where the caller knows it: another step at the same instant has another key
 */
export const noticeIndex = (subject: string, at: string, wanted?: number) => ({
  noticePk: noticePk(shardOf(subject)),
  noticeSk: wanted === undefined ? at : `${at}/${wanted}`,
});

/** The end of all keys of `noticeIndex` up to this instant, with every step's number. */
export const noticeUpTo = (instant: string) => `${instant}/~`;
/** The instant in a key of `noticeIndex`. */
export const noticeDueAt = (noticeSk: string) => noticeSk.split("/")[0] ?? "";
export const noticePk = (shard: number) => `NOTICES#${shard}`;

/** The key that seals the cursors of a day. */
export const cursorKeyKey = (day: string) => ({ pk: `CURSORS#${day}`, sk: "KEY" });

/** When DynamoDB may forget it, in epoch seconds: two days after its day begins. */
export const cursorKeyTtl = (day: string) => Date.parse(`${day}T00:00:00.000Z`) / 1_000 + 172_800;

export const approverPk = (group: string) => `APPROVER#${group}`;

/** Pointers to a pending request: one for each group whose members may approve it. */
export const approverKeys = (request: AccessRequest) =>
  filingOf(request).groups.map((group) => ({
    pk: approverPk(group),
    sk: `${request.createdAt}#${request.id}`,
  }));

export const OPEN_REVIEWS = "REVIEWS";

/** Points to a request with an open review. Sorted by when it is due. */
export const reviewKey = ({ dueAt }: Review, id: string) => ({
  pk: OPEN_REVIEWS,
  sk: `${dueAt}#${id}`,
});

/** The facts of a cluster, in the requests table, and its circuit, in the ledger table. */
export const clusterKey = (clusterArn: string, sk: "FACTS" | "CIRCUIT") => ({
  pk: `CLUSTER#${clusterArn}`,
  sk,
});

export const ledgerKey = (binding: string) => ({ pk: bindingPk(binding), sk: "LEDGER" });

/** How long an emptied ledger is kept, at least. No run lasts longer than this. */
const EMPTY_LEDGER_SECONDS = 86_400;

/** When DynamoDB may delete an emptied ledger, in epoch seconds. */
export const ledgerTtl = (savedAt: string) =>
  Math.ceil(Date.parse(plusSeconds(savedAt, EMPTY_LEDGER_SECONDS)) / 1_000);

/**
 * For how long a head refuses runs with an earlier ledger, in seconds. Far longer than any run. Far
 * shorter than the time after which a ledger, with its revisions, may be deleted.
 */
export const REVISION_HOLDS_SECONDS = EMPTY_LEDGER_SECONDS / 2;

/** All index attributes of a request's state. */
export function stateIndexes(request: AccessRequest): Readonly<Record<string, string>> {
  const { id, state, requester, createdAt, lapsesAt } = request;
  return {
    minePk: minePk(requester),
    mineSk: `${createdAt}#${id}`,
    ...(ACCESS_MAY_EXIST.has(state) ? { livePk: LIVE, liveSk: liveSk(request) } : {}),
    ...lentIndex(request),
    ...(state === "pending" ? dueIndex(id, lapsesAt) : {}),
  };
}

export const minePk = (person: string) => `PERSON#${person}`;

export const LIVE = "LIVE";
/** Sorted by expiry. Grants without one come last. */
const liveSk = ({ expiresAt, id }: AccessRequest) => `${expiresAt ?? "never"}#${id}`;

/** Due at an instant, in the shard of the binding or request. */
export const dueIndex = (key: string, at: string) => ({ duePk: duePk(shardOf(key)), dueSk: at });
export const duePk = (shard: number) => `DUE#${shard}`;

/** When access must go next, in the binding's shard. */
export const removalIndex = (key: string, at: string) => ({
  removalPk: removalPk(shardOf(key)),
  removalSk: at,
});
export const removalPk = (shard: number) => `REMOVAL#${shard}`;

/** When to compare the ledger with EKS, in the binding's shard: at an instant, or in its turn. */
export const driftCheckIndex = (key: string, at: string) => ({
  driftCheckPk: driftCheckPk(shardOf(key)),
  driftCheckSk: at === IN_TURN ? TURN : at,
});
export const driftCheckTime = (sk: string) => (sk === TURN ? IN_TURN : sk);
/**
 * Sorts before all instants. An earlier release takes it for an instant that has passed, and checks the binding at its
 * next sweep.
 */
const TURN = "0";
export const driftCheckPk = (shard: number) => `DRIFT#${shard}`;

/** The shard of a key in an index of due items. */
export const shardOf = (key: string) => Number.parseInt(sha256(key).slice(0, 8), 16) % SHARDS;

export const auditIndex = ({ at, requestId, seq }: AuditEvent) => ({
  auditPk: hourPk(at),
  auditSk: `${at}#${requestId}#${padded(seq)}`,
});

/** The partition of the audit index for an instant: `HOUR#2026-11-24T10`. */
export const hourPk = (instant: string) => `HOUR#${instant.slice(0, "2026-11-24T10".length)}`;
