import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { sqsConvergeQueue } from "../../../../shared/aws/sqs/sqs-converge-queue.ts";
import { causeIn } from "../../../../shared/ports/converge-queue.ts";
import { convergeQueueContract } from "../../../contracts/converge-queue.contract.ts";
import { type LocalAws, localAws, QUEUE } from "../local-aws.ts";

let aws: LocalAws;
beforeEach(async () => {
  aws = await localAws();
});
afterEach(async () => {
  await aws.stop();
});

const messages = () => aws.sqs.state.queues[QUEUE.name]?.messages ?? [];
const queue = () => sqsConvergeQueue(() => aws.clients.sqs, aws.queueUrl);

convergeQueueContract("sqsConvergeQueue", async () => ({
  queue: queue(),
  sent: async () => messages().map(({ body }) => JSON.parse(body)),
}));

describe("A message to converge", () => {
  const BINDING = "1".repeat(64);

  it("A message is in its subject's group, so that one worker at a time has it", async () => {
    await queue().send(BINDING, "approved");
    await queue().sendOnce(BINDING, "sweep", "turn 1");
    expect(messages().map(({ messageGroupId }) => messageGroupId)).toEqual([BINDING, BINDING]);
  });

  it("A message gives its cause, and one that is not ours gives none", async () => {
    await queue().sendOnce(BINDING, "drift-check", "turn 1");
    expect(messages().map(({ body }) => causeIn(body))).toEqual(["drift-check"]);
    for (const body of ["", "{", "null", "[]", '"drift-check"', "{}"])
      expect(causeIn(body)).toBeUndefined();
  });

  it("A message of the sweep has the same deduplication id in every process", async () => {
    await queue().sendOnce(BINDING, "sweep", "turn 1");
    await queue().sendOnce(BINDING, "sweep", "turn 1");
    expect(messages()).toHaveLength(1);
    expect(messages()[0]?.messageDeduplicationId).toMatch(/^[0-9a-f]{64}$/);
  });
});
