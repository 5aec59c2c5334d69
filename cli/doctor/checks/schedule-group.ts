import type { Check } from "../check-result.ts";
import { fusesAt } from "./remote-fuses.ts";

/** Where the broker is, the group of schedules that end access is there, and the queue that keeps lost fuses. */
export const scheduleGroup: Check = {
  name: "schedule-group",
  needs: ["scheduler:GetScheduleGroup", "sqs:GetQueueUrl", "sqs:GetQueueAttributes"],
  look: async (patient) => [await fusesAt(patient, patient.broker, patient)],
};
