/**
 * The indexes of the requests and audit tables: the name of each, and of its two key attributes.
 * The stack reads them too.
 */
export const INDEX = {
  mine: { name: "mine", pk: "minePk", sk: "mineSk" },
  live: { name: "live", pk: "livePk", sk: "liveSk" },
  removal: { name: "removal", pk: "removalPk", sk: "removalSk" },
  due: { name: "due", pk: "duePk", sk: "dueSk" },
  driftCheck: { name: "driftCheck", pk: "driftCheckPk", sk: "driftCheckSk" },
  notice: { name: "notice", pk: "noticePk", sk: "noticeSk" },
  unconfirmed: { name: "unconfirmed", pk: "unconfirmedPk", sk: "unconfirmedSk" },
} as const;

export const AUDIT_INDEX = {
  audit: { name: "audit", pk: "auditPk", sk: "auditSk" },
} as const;
