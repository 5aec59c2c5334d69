import { randomUUID } from "node:crypto";
import type { TrailRecord } from "../cloudtrail/trail-record.ts";
import type { BusEvent } from "./state.ts";

/** The event that a record of CloudTrail becomes on the default bus. */
export function cloudTrailEvent(record: TrailRecord): BusEvent {
  return {
    version: "0",
    id: randomUUID(),
    "detail-type": "AWS API Call via CloudTrail",
    source: `aws.${record.eventSource.split(".")[0]}`,
    account: record.recipientAccountId,
    time: record.eventTime,
    region: record.awsRegion,
    resources: [],
    detail: { ...record },
  };
}
