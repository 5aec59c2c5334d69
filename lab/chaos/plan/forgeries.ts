/** The roles that an intruder may have, and the forgeries that they may make. */

/** Functions that can be taken over: each may write something, and none may touch a cluster. */
export const ROLES = ["api", "slack", "sweep", "notify", "correlate"] as const;
/** The kinds of forgeries: `lab/chaos/deeds/forgeries.ts` makes them. */
export const FORGERIES = [
  ...["change-field", "plant-record", "put-back", "delete-record", "spoil-head"],
  ...["forge-approval", "fill-head", "plant-event", "send-junk"],
] as const;
