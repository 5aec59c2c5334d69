import { ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { sqsConvergeQueue } from "../../../../shared/aws/sqs/sqs-converge-queue.ts";
import { sqsMessageHold } from "../../../../shared/aws/sqs/sqs-message-hold.ts";
import { type LocalAws, localAws, QUEUE } from "../local-aws.ts";

const VISIBILITY = 48;

let aws: LocalAws;
beforeEach(async () => {
  aws = await localAws();
});
afterEach(async () => {
  await aws.stop();
});

const messages = () => aws.sqs.state.queues[QUEUE.name]?.messages ?? [];

/** One message that a run is handling. */
async function received(visibilitySeconds = 5) {
  await sqsConvergeQueue(() => aws.clients.sqs, aws.queueUrl).send("1".repeat(64), "approved");
  const { Messages = [] } = await aws.clients.sqs.send(
    new ReceiveMessageCommand({ QueueUrl: aws.queueUrl, VisibilityTimeout: visibilitySeconds }),
  );
  return Messages[0]?.ReceiptHandle ?? "";
}
const hold = (receiptHandle: string, client = aws.clients.sqs) =>
  sqsMessageHold(client, {
    queueUrl: aws.queueUrl,
    receiptHandle,
    visibilitySeconds: VISIBILITY,
  });

/** An SQS that answers every call with this error. */
function failing(name: string, message: string): SQSClient {
  const client = new SQSClient({ region: "us-west-2" });
  client.send = async () => {
    throw Object.assign(new Error(message), { name });
  };
  return client;
}

describe("The hold on a message", () => {
  it("A hold hides its message for as long as a run may last", async () => {
    const handle = await received();
    expect(await hold(handle).extend()).toBe(true);
    const [message] = messages();
    expect(Number(message?.visibleAt) - Number(message?.lastReceivedAt)).toBeGreaterThan(40_000);
  });

  it("A hold is lost if its message became visible again", async () => {
    const handle = await received();
    aws.sqs.change(({ queues }) => {
      for (const message of queues[QUEUE.name]?.messages ?? []) message.visibleAt = 0;
    });
    expect(await hold(handle).extend()).toBe(false);
  });

  it("A hold is lost if another run has received the message", async () => {
    const handle = await received();
    aws.sqs.change(({ queues }) => {
      for (const message of queues[QUEUE.name]?.messages ?? []) message.receiptHandle = "other";
    });
    expect(await hold(handle).extend()).toBe(false);
  });

  it("A hold is lost if the receipt is invalid", async () => {
    expect(await hold("no-receipt").extend()).toBe(false);
  });

  it.each([
    ["MessageNotInflight", "The specified message isn't in flight."],
    ["AWS.SimpleQueueService.MessageNotInflight", "The specified message isn't in flight."],
    ["ReceiptHandleIsInvalid", "The input receipt handle is invalid."],
    [
      "InvalidParameterValue",
      "Value AQEB for parameter ReceiptHandle is invalid. Reason: The receipt handle has expired.",
    ],
    [
      "InvalidParameterValue",
      "Value AQEB for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not available for visibility timeout change.",
    ],
  ])("A hold is lost if SQS answers %s: %s", async (name, message) => {
    expect(await hold("any", failing(name, message)).extend()).toBe(false);
  });

  it.each([
    ["ThrottlingException", "Rate exceeded"],
    ["TimeoutError", "socket hang up"],
    ["AccessDenied", "Access to the resource is denied."],
    ["QueueDoesNotExist", "The specified queue does not exist."],
    [
      "InvalidParameterValue",
      "Value 48 for parameter VisibilityTimeout is invalid. Reason: Total VisibilityTimeout for the message is beyond the limit [43200 seconds]",
    ],
  ])("A hold is kept if SQS answers %s: %s", async (name, message) => {
    expect(await hold("any", failing(name, message)).extend()).toBe(true);
  });
});
