import type { QueueSight } from "../sights.ts";
import { reading, readingAlways } from "./reading.ts";
import type { SightOptions } from "./sight-options.ts";

const NO_QUEUE = [
  "QueueDoesNotExist",
  "AWS.SimpleQueueService.NonExistentQueue",
  "NonExistentQueue",
];

/** The settings of a queue: what it does with its messages, and what it demands. */
export async function queueOf(
  options: SightOptions,
  name: string,
): Promise<QueueSight | undefined> {
  const { GetQueueAttributesCommand, GetQueueUrlCommand, SQSClient } = await import(
    "@aws-sdk/client-sqs"
  );
  const sqs = new SQSClient(options);
  const found = await reading(
    `the queue ${name}`,
    () => sqs.send(new GetQueueUrlCommand({ QueueName: name })),
    NO_QUEUE,
  );
  if (!found) return undefined;
  const { Attributes: attributes = {} } = await readingAlways(`the queue ${name}`, () =>
    sqs.send(
      new GetQueueAttributesCommand({
        QueueUrl: found.QueueUrl,
        AttributeNames: ["Policy", "RedrivePolicy", "VisibilityTimeout"],
      }),
    ),
  );
  return {
    visibilitySeconds: Number(attributes.VisibilityTimeout),
    hasDeadLetters: attributes.RedrivePolicy !== undefined,
    demandsTls: demandsTls(attributes.Policy ?? "{}"),
  };
}

interface Statement {
  readonly Effect?: string;
  readonly Condition?: { readonly Bool?: Readonly<Record<string, string>> };
}

/** A statement that denies whatever comes without TLS. */
function demandsTls(policy: string): boolean {
  const { Statement = [] } = JSON.parse(policy) as { Statement?: Statement | Statement[] };
  return [Statement]
    .flat()
    .some(
      ({ Effect, Condition }) =>
        Effect === "Deny" && Condition?.Bool?.["aws:SecureTransport"] === "false",
    );
}
