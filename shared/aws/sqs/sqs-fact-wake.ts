import { SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { sha256 } from "../../domain/values/canonical-json.ts";
import type { Clock } from "../../ports/clock.ts";
import type { FactWake } from "../../ports/fact-wake.ts";

/**
 * The FIFO queue by which outside wakes sweep. Messages about the same tickets are handled one at a time, and
 * those about others beside them.
 *
 * @param queueUrl undefined where `access.yaml` names no tracker of tickets
 */
export const sqsFactWake = (
  client: () => SQSClient,
  queueUrl: string | undefined,
  clock: Clock,
): FactWake => ({
  async ticketsRead(keys) {
    if (queueUrl === undefined) return;
    const tickets = keys.toSorted();
    await client().send(
      new SendMessageCommand({
        QueueUrl: queueUrl,
        MessageBody: JSON.stringify({ tickets }),
        MessageGroupId: sha256(tickets.join(" ")),
        MessageDeduplicationId: sha256(`${tickets.join(" ")} ${clock.now()}`),
      }),
    );
  },
});
