/** The queues that a function sends to, by its configuration. A call that sends nothing makes no client. */
import { SQSClient } from "@aws-sdk/client-sqs";
import type { FrontConfig } from "../../config.ts";
import { madeOnce } from "../../domain/values/made-once.ts";
import { FEW_ATTEMPTS, ONE_ATTEMPT } from "../calls/client-settings.ts";
import { sqsConvergeQueue } from "./sqs-converge-queue.ts";
import { sqsNotifyQueue } from "./sqs-notify-queue.ts";

/** One attempt: the caller that wakes notify has done its work, and the sweep wakes it again. */
export const notifyQueue = ({ notifyQueueUrl }: Pick<FrontConfig, "notifyQueueUrl">) =>
  sqsNotifyQueue(
    madeOnce(() => new SQSClient(ONE_ATTEMPT)),
    notifyQueueUrl,
  );

export const convergeQueue = ({ convergeQueueUrl }: Pick<FrontConfig, "convergeQueueUrl">) =>
  sqsConvergeQueue(
    madeOnce(() => new SQSClient(FEW_ATTEMPTS)),
    convergeQueueUrl,
  );
