/** The keys of the records of standing access, in the requests table. */
import {
  STANDING_ORDERS,
  type StandingEntry,
  standingOrder,
} from "../../../domain/standing/standing-entry.ts";
import { KEPT_SECONDS } from "../../../domain/standing/standing-record.ts";
import { sha256 } from "../../../domain/values/canonical-json.ts";
import { plusSeconds } from "../../../domain/values/instant.ts";

/** The record of a cluster's standing access. In this table, its reader may write only these. */
export const standingPk = (clusterArn: string) => `STANDING#${clusterArn}`;
export const standingKey = (clusterArn: string) => ({
  pk: standingPk(clusterArn),
  sk: "RECORD",
});

/**
 * Entries of a pass in the order in which they are listed. The hash keeps long ARNs apart. The part
 * after the prefix is in a cursor, so it must stay short.
 */
export const standingEntryPrefix = (passId: string) => `ENTRY#${passId}#`;
export const standingEntryKey = (clusterArn: string, passId: string, entry: StandingEntry) =>
  keyInOrder(clusterArn, passId, standingOrder(entry), entry.principalArn);

/** The keys that the entry of a principal may have. It has one of them, since a pass reads it once. */
export const standingEntryKeys = (clusterArn: string, passId: string, principalArn: string) =>
  STANDING_ORDERS.map((order) => keyInOrder(clusterArn, passId, order, principalArn));

const keyInOrder = (clusterArn: string, passId: string, order: string, principalArn: string) => ({
  pk: standingPk(clusterArn),
  sk: `${standingEntryPrefix(passId)}${order}#${principalArn.slice(0, 512)}#${sha256(principalArn).slice(0, 16)}`,
});

/** When DynamoDB may delete an entry, in epoch seconds: later than it is last shown. */
export const standingTtl = ({ readAt }: StandingEntry) =>
  Math.ceil(Date.parse(plusSeconds(readAt, KEPT_SECONDS)) / 1_000);
