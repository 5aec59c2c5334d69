/** Whether SQS refuses a receipt handle that is not the latest one. */
import type { ReceiveMessageCommandOutput } from "@aws-sdk/client-sqs";
import { type Fact, judged, unsettled } from "../fact.ts";
import type { Part } from "../part.ts";
import { refusalOf } from "../refusal.ts";
import { named, redactable } from "../report/redactable.ts";
import { clientsAt } from "../scratch.ts";
import type { Stage } from "../stage.ts";
import { PREFIX, type Thing } from "../thing.ts";

export const queue: Part = {
  name: "queue",
  does: "receives a message of a scratch queue twice, and changes its visibility with the first handle",
  makes: "a FIFO queue",
  async play(stage): Promise<readonly Fact[]> {
    const { deployed, run, journal } = stage;
    const { account, region } = deployed;
    const sqs = await clientsAt(stage, deployed).sqs();
    const name = `${PREFIX}-${run}.fifo`;
    const thing: Thing = { kind: "queue", account, region, name };
    const { QueueUrl } = await journal.make(thing, () =>
      sqs.createQueue({
        QueueName: name,
        Attributes: { FifoQueue: "true", VisibilityTimeout: String(VISIBLE_SECONDS) },
      }),
    );
    const message = { MessageBody: "smoke", MessageGroupId: "smoke", MessageDeduplicationId: run };
    await sqs.sendMessage({ QueueUrl, ...message });
    const received = () => receivedBy(stage, () => sqs.receiveMessage({ QueueUrl }));
    const [first, second] = [await received(), await received()];
    if (first === undefined || second === undefined) return [notReceived()];
    const error = await refusalOf(() =>
      sqs.changeMessageVisibility({ QueueUrl, ReceiptHandle: first, VisibilityTimeout: 10 }),
    );
    return [
      judged(error !== undefined, "receipt-handle", {
        says:
          error === undefined
            ? redactable`SQS took a receipt handle of a message that was received again since`
            : redactable`SQS refuses a receipt handle of a message that was received again since: ${named("error", error)}`,
        next: redactable`nothing to do: overlapping runs are then held apart by the ledger only`,
      }),
    ];
  },
};

const VISIBLE_SECONDS = 2;
/** How long a message may take to be given out. */
const RECEIVE_SECONDS = 30;

const receivedBy = (
  stage: Stage,
  receive: () => Promise<ReceiveMessageCommandOutput>,
): Promise<string | undefined> =>
  stage.until(redactable`SQS to give out the message`, RECEIVE_SECONDS, async () => {
    const { Messages = [] } = await receive();
    return Messages[0]?.ReceiptHandle;
  });

const notReceived = (): Fact =>
  unsettled(
    "receipt-handle",
    redactable`SQS did not give out a message twice in ${RECEIVE_SECONDS} s`,
    redactable`run it again: timelatch doctor --smoke --only queue`,
  );
