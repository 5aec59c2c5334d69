import { ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { sqsConvergeQueue } from "../../../../shared/aws/sqs/sqs-converge-queue.ts";
import { sqsMessageDelay } from "../../../../shared/aws/sqs/sqs-message-delay.ts";
import { type LocalAws, localAws, QUEUE } from "../local-aws.ts";

let aws: LocalAws;
beforeEach(async () => {
  aws = await localAws();
});
afterEach(async () => {
  await aws.stop();
});

const receive = async () => {
  const command = new ReceiveMessageCommand({ QueueUrl: aws.queueUrl, VisibilityTimeout: 5 });
  return (await aws.clients.sqs.send(command)).Messages ?? [];
};
/** The seconds for which the message is hidden, from its last receipt on. */
const hiddenSeconds = () => {
  const [message] = aws.sqs.state.queues[QUEUE.name]?.messages ?? [];
  return Math.round((Number(message?.visibleAt) - Number(message?.lastReceivedAt)) / 1_000);
};

describe("The delay of a message", () => {
  it.each([
    [600, 600],
    [0, 1],
    [-5, 1],
    [90_000, 43_000],
  ])(
    "A delay of %i seconds hides a received message for %i seconds, within what SQS takes",
    async (asked, hidden) => {
      await sqsConvergeQueue(() => aws.clients.sqs, aws.queueUrl).send("1".repeat(64), "approved");
      const [message] = await receive();
      await sqsMessageDelay(aws.clients.sqs, aws.queueUrl)(message?.ReceiptHandle ?? "", asked);
      expect(Math.abs(hiddenSeconds() - hidden)).toBeLessThanOrEqual(1);
      expect(await receive()).toEqual([]);
    },
  );
});
