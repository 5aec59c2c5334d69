/**
 * Every key of both tables, and every index attribute, in one place.
 *
 * The requests table has the indexes `mine`, `live`, `removal`, `due`, `driftCheck` and `audit`; an
 * item is in an index while it carries that index's two attributes. Numbers are padded and instants are ISO 8601, so
 * that text order is the order that is meant.
 */

import { ACCESS_MAY_EXIST } from "../../domain/requests/lifecycle.ts";
import type { AccessRequest, AuditEvent } from "../../domain/requests/request.ts";
import { hashOf, sha256 } from "../../domain/values/canonical-json.ts";
import { plusSeconds } from "../../domain/values/instant.ts";
import type { RateWindow } from "../../ports/request-store.ts";

/** A release reads this schema; the next one may write another. */
export const SCHEMA = 1;

/** The name of an index, and of its two key attributes. */
export const INDEX = {
  mine: { name: "mine", pk: "minePk", sk: "mineSk" },
  live: { name: "live", pk: "livePk", sk: "liveSk" },
  removal: { name: "removal", pk: "removalPk", sk: "removalSk" },
  due: { name: "due", pk: "duePk", sk: "dueSk" },
  driftCheck: { name: "driftCheck", pk: "driftCheckPk", sk: "driftCheckSk" },
  audit: { name: "audit", pk: "auditPk", sk: "auditSk" },
} as const;

/** How many parts each index of due items is spread over, so that no one partition takes every write. */
export const SHARDS = 8;

const padded = (seq: number) => String(seq).padStart(6, "0");

export const stateKey = (id: string) => ({ pk: `REQ#${id}`, sk: "STATE" });

/** Audit events are only ever put, and only where there is none; IAM denies the rest on `AUDIT#*`. */
export const auditKey = (id: string, seq: number) => ({ pk: auditPk(id), sk: padded(seq) });
export const auditPk = (id: string) => `AUDIT#${id}`;

export const bindingPk = (binding: string) => `BIND#${binding}`;
export const HEAD = "HEAD";
export const headKey = (binding: string) => ({ pk: bindingPk(binding), sk: HEAD });
export const grantKey = (binding: string, id: string) => ({
  pk: bindingPk(binding),
  sk: `GRANT#${id}`,
});

/**
 * The attribute of a head that holds a grant's version. A query is not isolated from a transaction
 * that commits meanwhile; by these the reader sees that it has the grants which its head counts.
 */
export const headGrant = (id: string) => `${HEAD_GRANT}${id}`;
const HEAD_GRANT = "grant#";

/** Grant ids and their versions, as a head holds them. */
export const headGrants = (head: Readonly<Record<string, unknown>>): ReadonlyMap<string, number> =>
  new Map(
    Object.entries(head)
      .filter(([name]) => name.startsWith(HEAD_GRANT))
      .map(([name, version]) => [name.slice(HEAD_GRANT.length), Number(version)]),
  );

/** The attributes of a head that count a person's grants: in `approved` or `active`, in `ending`. */
export const headCounts = (person: string) => ({
  open: `open#${person}`,
  ending: `ending#${person}`,
});

export const idempotencyKey = (keyHash: string) => ({ pk: `IDEM#${keyHash}`, sk: "KEY" });

/** How long a key at least stands for its first answer. */
const IDEMPOTENCY_SECONDS = 86_400;

/** When DynamoDB may forget an idempotency key, in epoch seconds. */
export const idempotencyTtl = (createdAt: string) =>
  Date.parse(plusSeconds(createdAt, IDEMPOTENCY_SECONDS)) / 1_000;

/**
 * Names what a requester may have pending once only. The rule is part of it, so that whoever waits
 * for an approval can still break the glass.
 */
export const pendingKey = ({ requester, cluster, principalArn, access, rule }: AccessRequest) => ({
  pk: `UNIQ#${hashOf({ requester, clusterArn: cluster.arn, principalArn, access, rule })}`,
  sk: "PENDING",
});

/** What one person did by one operation in one window of time. */
export const rateKey = ({ person, operation, from }: RateWindow) => ({
  pk: `RATE#${person}`,
  sk: `${operation}#${from}`,
});

/** When DynamoDB may forget a window, in epoch seconds. */
export const rateTtl = ({ until }: RateWindow) => Math.ceil(Date.parse(until) / 1_000);

export const approverPk = (group: string) => `APPROVER#${group}`;

/** The pointers to a pending request: one for each group whose members may approve it. */
export const approverKeys = ({ requirements, createdAt, id }: AccessRequest) =>
  [...new Set(requirements.flatMap(({ groups }) => groups))].map((group) => ({
    pk: approverPk(group),
    sk: `${createdAt}#${id}`,
  }));

/** What is known of a cluster, in the requests table; its circuit, in the ledger's. */
export const clusterKey = (clusterArn: string, sk: "FACTS" | "CIRCUIT") => ({
  pk: `CLUSTER#${clusterArn}`,
  sk,
});

export const ledgerKey = (binding: string) => ({ pk: bindingPk(binding), sk: "LEDGER" });

/** How long an emptied ledger is kept at least. No run lasts so long that it could miss one. */
const EMPTY_LEDGER_SECONDS = 86_400;

/** When DynamoDB may forget an emptied ledger, in epoch seconds. */
export const ledgerTtl = (savedAt: string) =>
  Math.ceil(Date.parse(plusSeconds(savedAt, EMPTY_LEDGER_SECONDS)) / 1_000);

/**
 * For how long a head refuses runs with an earlier ledger, in seconds. It is long before the ledger
 * may be forgotten, and with it the count of its revisions, and long after any run is over.
 */
export const REVISION_HOLDS_SECONDS = EMPTY_LEDGER_SECONDS / 2;

/** Every index attribute of a request's state. */
export function stateIndexes(request: AccessRequest): Readonly<Record<string, string>> {
  const { id, state, requester, createdAt, lapsesAt } = request;
  return {
    minePk: minePk(requester),
    mineSk: `${createdAt}#${id}`,
    ...(ACCESS_MAY_EXIST.has(state) ? { livePk: LIVE, liveSk: liveSk(request) } : {}),
    ...(state === "pending" ? dueIndex(id, lapsesAt) : {}),
  };
}

export const minePk = (person: string) => `PERSON#${person}`;

export const LIVE = "LIVE";
/** By expiry; what has none yet comes last. */
const liveSk = ({ expiresAt, id }: AccessRequest) => `${expiresAt ?? "never"}#${id}`;

/** Due at an instant, in the shard of the binding or the request that is due. */
export const dueIndex = (of: string, at: string) => ({ duePk: duePk(shardOf(of)), dueSk: at });
export const duePk = (shard: number) => `DUE#${shard}`;

/** When access has to go next, in the binding's shard. */
export const removalIndex = (of: string, at: string) => ({
  removalPk: removalPk(shardOf(of)),
  removalSk: at,
});
export const removalPk = (shard: number) => `REMOVAL#${shard}`;

/** When to compare what is lent with what EKS has, in the binding's shard. */
export const driftCheckIndex = (of: string, at: string) => ({
  driftCheckPk: driftCheckPk(shardOf(of)),
  driftCheckSk: at,
});
export const driftCheckPk = (shard: number) => `DRIFT#${shard}`;

const shardOf = (of: string) => Number.parseInt(sha256(of).slice(0, 8), 16) % SHARDS;

export const auditIndex = ({ at, requestId, seq }: AuditEvent) => ({
  auditPk: hourPk(at),
  auditSk: `${at}#${requestId}#${padded(seq)}`,
});

/** The partition of the audit index that an instant falls in: `HOUR#2026-11-24T10`. */
export const hourPk = (instant: string) => `HOUR#${instant.slice(0, "2026-11-24T10".length)}`;
