import { SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { sha256 } from "../../domain/values/canonical-json.ts";
import type { Clock } from "../../ports/clock.ts";
import type { OutsideQueue } from "../../ports/outside-queue.ts";

/**
 * The FIFO queue of outside. The message group is the service, so that one that does not answer delays
 * no other. SQS drops a second message about the same schedules within a pause of looks. Each message about
 * tickets is one of its own: somebody waits for it.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/using-messagededuplicationid-property.html
 */
export function sqsOutsideQueue(
  client: () => SQSClient,
  { queueUrl, pauseSeconds }: { readonly queueUrl: string; readonly pauseSeconds: number },
  clock: Clock,
): OutsideQueue {
  const send = async (what: "schedules" | "tickets", keys: readonly string[], turn: number) => {
    const services = Map.groupBy(new Set(keys), (key) => key.slice(0, key.indexOf("/")));
    const sending = [...services].map(([service, ofIt]) => {
      const sorted = ofIt.toSorted();
      return client().send(
        new SendMessageCommand({
          QueueUrl: queueUrl,
          MessageBody: JSON.stringify({ [what]: sorted }),
          MessageGroupId: service,
          MessageDeduplicationId: sha256(`${sorted.join(" ")} ${turn}`),
        }),
      );
    });
    await Promise.all(sending);
  };
  const nowMs = () => Date.parse(clock.now());
  return {
    look: (keys) => send("schedules", keys, Math.floor(nowMs() / (1_000 * pauseSeconds))),
    lookAtTickets: (keys) => send("tickets", keys, nowMs()),
  };
}
