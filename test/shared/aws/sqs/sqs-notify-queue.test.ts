import { afterEach, beforeEach } from "vitest";
import { sqsNotifyQueue } from "../../../../shared/aws/sqs/sqs-notify-queue.ts";
import { notifyQueueContract } from "../../../contracts/notify-queue.contract.ts";
import { type LocalAws, localAws, QUEUE } from "../local-aws.ts";

let aws: LocalAws;
beforeEach(async () => {
  aws = await localAws();
});
afterEach(async () => {
  await aws.stop();
});

notifyQueueContract("sqsNotifyQueue", async () => ({
  queue: sqsNotifyQueue(() => aws.clients.sqs, aws.queueUrl),
  sent: () =>
    (aws.sqs.state.queues[QUEUE.name]?.messages ?? []).map(
      ({ messageGroupId }) => messageGroupId ?? "",
    ),
}));
