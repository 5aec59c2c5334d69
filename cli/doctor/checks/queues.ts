import { type Check, type CheckResult, ill, well } from "../check-result.ts";
import { queueNames } from "../expected-names.ts";
import { makeIt, undoIt } from "../remedies.ts";
import type { QueueSight } from "../sights.ts";

/** The queues exist, keep what fails, and refuse calls without TLS. */
export const queues: Check = {
  name: "queues",
  needs: ["sqs:GetQueueUrl", "sqs:GetQueueAttributes"],
  look: ({ broker, deployment, region }) =>
    Promise.all(
      queueNames(deployment).map(async (name) => judged(name, await broker.queue(name, region))),
    ),
};

function judged(name: string, queue: QueueSight | undefined): CheckResult {
  if (!queue) return ill("does not exist", makeIt(), name);
  const faults = [
    ...(queue.hasDeadLetters ? [] : ["has no dead-letter queue"]),
    ...(queue.demandsTls ? [] : ["takes calls without TLS"]),
  ];
  return faults.length === 0
    ? well("keeps what fails, and demands TLS", name)
    : ill(faults.join(" and "), undoIt(), name);
}
