import { SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { sha256 } from "../../domain/values/canonical-json.ts";
import type { Clock } from "../../ports/clock.ts";
import type { OutsideQueue } from "../../ports/outside-queue.ts";

/**
 * The FIFO queue of outside. The message group is the service, so that one that does not answer delays
 * no other. SQS drops a second message about the same schedules within a pause of looks.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/using-messagededuplicationid-property.html
 */
export function sqsOutsideQueue(
  client: () => SQSClient,
  { queueUrl, pauseSeconds }: { readonly queueUrl: string; readonly pauseSeconds: number },
  clock: Clock,
): OutsideQueue {
  const send = async (service: string, keys: readonly string[], turn: number) => {
    await client().send(
      new SendMessageCommand({
        QueueUrl: queueUrl,
        MessageBody: JSON.stringify({ schedules: keys }),
        MessageGroupId: service,
        MessageDeduplicationId: sha256(`${keys.join(" ")} ${turn}`),
      }),
    );
  };
  return {
    async look(keys) {
      const turn = Math.floor(Date.parse(clock.now()) / (1_000 * pauseSeconds));
      const services = Map.groupBy(new Set(keys), (key) => key.slice(0, key.indexOf("/")));
      await Promise.all(
        [...services].map(([service, ofIt]) => send(service, ofIt.toSorted(), turn)),
      );
    },
  };
}
