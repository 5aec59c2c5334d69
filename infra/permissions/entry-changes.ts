import type { EventPattern } from "aws-cdk-lib/aws-events";
import { ENTRY_OPERATIONS } from "../../shared/domain/evidence/trail/trail-event.ts";

/**
 * CloudTrail's events about changes of access entries. Nobody but AWS can send an event whose source begins with `aws.`.
 * https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsRequestEntry.html
 */
export const ENTRY_CHANGES: EventPattern = {
  source: ["aws.eks"],
  detailType: ["AWS API Call via CloudTrail"],
  detail: { eventSource: ["eks.amazonaws.com"], eventName: [...ENTRY_OPERATIONS] },
};
