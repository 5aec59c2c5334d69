/** The facts that a function judges by, and the queue by which it has more looked at. */
import { SQSClient } from "@aws-sdk/client-sqs";
import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { FrontConfig } from "../config.ts";
import { madeOnce } from "../domain/values/made-once.ts";
import type { FactReads } from "../ports/fact-store.ts";
import type { OutsideQueue } from "../ports/outside-queue.ts";
import { FEW_ATTEMPTS } from "./calls/client-settings.ts";
import { dynamoFactStore } from "./dynamodb/facts/dynamo-fact-store.ts";
import { systemClock } from "./machine/system-clock.ts";
import { sqsOutsideQueue } from "./sqs/sqs-outside-queue.ts";

/** Where nothing outside is asked, nothing is known, and there is no table. */
export const factsIn = (
  client: DynamoDBDocumentClient,
  { factsTable }: Pick<FrontConfig, "factsTable">,
): FactReads =>
  factsTable === undefined
    ? { schedules: async () => new Map(), tickets: async () => new Map() }
    : dynamoFactStore(client, factsTable);

export const outsideQueue = ({
  outsideQueueUrl,
  settings,
}: Pick<FrontConfig, "outsideQueueUrl" | "settings">): OutsideQueue =>
  outsideQueueUrl === undefined
    ? { look: async () => {}, lookAtTickets: async () => {} }
    : sqsOutsideQueue(
        madeOnce(() => new SQSClient(FEW_ATTEMPTS)),
        { queueUrl: outsideQueueUrl, pauseSeconds: settings.lookPauseSeconds },
        systemClock,
      );
