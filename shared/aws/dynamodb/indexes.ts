/**
 * The indexes of the requests and audit tables. The stack reads them too. An index is written with
 * each write that changes what it holds, so it holds only what its readers read. Everything of items
 * that never change costs no more than a part of them.
 *
 * DynamoDB cannot change what an index holds. A change of `holds` is another index under another name,
 * which one release adds and a later one reads.
 */
export interface Index {
  readonly name: string;
  readonly pk: string;
  readonly sk: string;
  /** The attributes that it holds beside the keys. */
  readonly holds: readonly string[] | "everything";
}

export const INDEX = {
  mine: { name: "mine", pk: "minePk", sk: "mineSk", holds: [] },
  live: { name: "live", pk: "livePk", sk: "liveSk", holds: [] },
  removal: { name: "removal", pk: "removalPk", sk: "removalSk", holds: ["clusterArn"] },
  due: { name: "due", pk: "duePk", sk: "dueSk", holds: ["clusterArn", "dueFor"] },
  driftCheck: { name: "driftCheck", pk: "driftCheckPk", sk: "driftCheckSk", holds: ["clusterArn"] },
  notice: { name: "notice", pk: "noticePk", sk: "noticeSk", holds: [] },
  unconfirmed: {
    name: "unconfirmed",
    pk: "unconfirmedPk",
    sk: "unconfirmedSk",
    holds: ["recordedCall", "readDownTo"],
  },
  lent: { name: "lent", pk: "lentPk", sk: "lentSk", holds: [] },
} as const satisfies Readonly<Record<string, Index>>;

export const AUDIT_INDEX = {
  audit: { name: "audit", pk: "auditPk", sk: "auditSk", holds: "everything" },
} as const satisfies Readonly<Record<string, Index>>;
