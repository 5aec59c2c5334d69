import type { SQSClient } from "@aws-sdk/client-sqs";
import { expect, it } from "vitest";
import { sqsConvergeQueue } from "../../../../shared/aws/sqs/sqs-converge-queue.ts";
import { clusterSubject } from "../../../../shared/ports/converge-queue.ts";

it("A message to converge has 512 bytes at most, whatever its subject", async () => {
  const bodies: string[] = [];
  const client = {
    send: async ({ input }: { input: { MessageBody: string } }) => bodies.push(input.MessageBody),
  } as unknown as SQSClient;
  const queue = sqsConvergeQueue(() => client, "https://sqs.example/timelatch-converge.fifo");
  await queue.send("b".repeat(64), "drift-check");
  await queue.sendOnce(
    clusterSubject("c".repeat(100)),
    "cluster-check",
    "2026-11-24T10:00:00.000Z",
  );
  expect(bodies).toHaveLength(2);
  for (const body of bodies) expect(Buffer.byteLength(body)).toBeLessThanOrEqual(512);
});
