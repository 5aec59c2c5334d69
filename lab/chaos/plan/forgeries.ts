/** What an intruder may be, and may do. */

/** Functions that can be taken over: each may write something, and none may touch a cluster. */
export const ROLES = ["api", "slack", "sweep", "notify", "correlate"] as const;
/** What they write: `lab/chaos/deeds/forgeries.ts` has how. */
export const FORGERIES = [
  ...["change-field", "plant-record", "put-back", "delete-record", "spoil-head"],
  ...["forge-approval", "fill-head", "plant-event", "send-junk"],
] as const;
