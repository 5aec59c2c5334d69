import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { EventRule, EventTarget } from "../../../../../lab/sandbox/aws/eventbridge/rule.ts";
import { deliverEvent } from "../../../../../lab/sandbox/aws/eventbridge/rule-delivery.ts";
import { eventBridgeService } from "../../../../../lab/sandbox/aws/eventbridge/service.ts";
import type { BusEvent } from "../../../../../lab/sandbox/aws/eventbridge/state.ts";
import { AwsError } from "../../../../../lab/sandbox/aws/service.ts";
import { declareQueue } from "../../../../../lab/sandbox/aws/sqs/declare-queue.ts";
import { openQueue } from "../../../../../lab/sandbox/aws/sqs/queue.ts";
import { emptySqsState } from "../../../../../lab/sandbox/aws/sqs/state.ts";
import { memoryStore } from "../../../../../lab/sandbox/aws/store.ts";
import {
  ACCOUNT,
  clientConfig,
  document,
  iamStore,
  listen,
  REGION,
  type RunningPort,
  role,
  statement,
} from "../iam-world.ts";
import { arnOf, urlOf } from "../sqs/queues.ts";

const RULE_ARN = `arn:aws:events:${REGION}:${ACCOUNT}:rule/changes`;
const FUNCTION_ARN = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:notify`;
const TARGET = "changes";
const DEAD = "dead";

const letsRule = (name: string, sourceArn = RULE_ARN) =>
  document(
    {
      Effect: "Deny",
      Principal: "*",
      Action: "sqs:*",
      Resource: arnOf(name),
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    },
    {
      Effect: "Allow",
      Principal: { Service: "events.amazonaws.com" },
      Action: "sqs:SendMessage",
      Resource: arnOf(name),
      Condition: { ArnEquals: { "aws:SourceArn": sourceArn } },
    },
  );

const publisher = role("publisher", { policy: document(statement("events:PutEvents")) });
const iam = iamStore(publisher);
const sqs = memoryStore(emptySqsState());
const log: string[] = [];
const invoked: BusEvent[] = [];
let target: EventTarget = { arn: arnOf(TARGET) };
let functionRefuses = false;
const rule = (): EventRule => ({
  name: "changes",
  arn: RULE_ARN,
  busName: "default",
  pattern: { source: ["app"] },
  targets: [target],
});

let port: RunningPort;
let events: EventBridgeClient;
beforeAll(async () => {
  port = await listen({
    services: [
      eventBridgeService({
        eventBridge: memoryStore({ buses: {} }),
        iam,
        account: ACCOUNT,
        region: REGION,
        deliver: (busName, event) =>
          deliverEvent(
            {
              rules: [rule()],
              sqs,
              account: ACCOUNT,
              forward: () => Promise.reject(new Error("No rule has a bus as its target.")),
              log: (line) => log.push(line),
              invoke: (_arn, invocation) => {
                if (functionRefuses) throw new AwsError("AccessDenied", 403, "No permission.");
                invoked.push(invocation);
              },
            },
            busName,
            event,
          ),
      }),
    ],
    iam,
  });
  events = new EventBridgeClient(clientConfig(port.url, publisher));
});
beforeEach(() => {
  for (const name of [TARGET, DEAD]) declare(name, [letsRule(name)]);
  for (const queue of Object.values(sqs.state.queues)) queue.messages = [];
  target = { arn: arnOf(TARGET) };
  functionRefuses = false;
  log.length = 0;
  invoked.length = 0;
});
afterAll(() => port.close());

const declare = (name: string, policies: readonly Record<string, unknown>[]) =>
  declareQueue(sqs, { name, arn: arnOf(name), url: urlOf(name), attributes: {}, policies });
const publish = (Source = "app", EventBusName?: string) =>
  events.send(
    new PutEventsCommand({
      Entries: [{ Source, DetailType: "Change", Detail: '{"a":1}', EventBusName }],
    }),
  );
const messages = (name: string) => openQueue(sqs, name).receive({ max: 10 });

describe("a rule on the default bus", () => {
  it("A rule sends a matching event to its queue, whole", async () => {
    const { Entries: [entry] = [] } = await publish();
    const [message] = messages(TARGET);
    expect(JSON.parse(message?.body ?? "")).toMatchObject({
      version: "0",
      id: entry?.EventId,
      source: "app",
      "detail-type": "Change",
      account: ACCOUNT,
      region: REGION,
      detail: { a: 1 },
    });
  });

  it("A rule sends no event that does not match", async () => {
    await publish("another");
    await publish("app", "own-bus");
    expect(messages(TARGET)).toEqual([]);
  });

  it.each([
    ["no policy", []],
    ["a policy for another rule", [letsRule(TARGET, `${RULE_ARN}-other`)]],
    [
      "a policy for another service",
      [
        document({
          Effect: "Allow",
          Principal: { Service: "sns.amazonaws.com" },
          Action: "sqs:SendMessage",
          Resource: arnOf(TARGET),
        }),
      ],
    ],
  ])("A rule sends nothing to a queue with %s, and says so", async (_what, policies) => {
    declare(TARGET, policies);
    await publish();
    expect(messages(TARGET)).toEqual([]);
    expect(log).toEqual([expect.stringContaining("does not let events.amazonaws.com send")]);
    expect(log[0]).toContain("was dropped");
  });

  it("An event that a rule cannot deliver goes to its dead-letter queue, with the reason", async () => {
    declare(TARGET, []);
    target = { arn: arnOf(TARGET), deadLetterArn: arnOf(DEAD) };
    await publish();
    const [message] = messages(DEAD);
    expect(JSON.parse(message?.body ?? "")).toMatchObject({ detail: { a: 1 } });
    expect(message?.messageAttributes).toMatchObject({
      RULE_ARN: { StringValue: RULE_ARN },
      TARGET_ARN: { StringValue: arnOf(TARGET) },
      ERROR_CODE: { StringValue: "NO_PERMISSIONS" },
    });
  });

  it("A rule drops an event that its dead-letter queue refuses too", async () => {
    declare(TARGET, []);
    declare(DEAD, []);
    target = { arn: arnOf(TARGET), deadLetterArn: arnOf(DEAD) };
    await publish();
    expect(messages(DEAD)).toEqual([]);
    expect(log[0]).toContain("its dead-letter queue refused it");
  });

  it("An event goes to the dead-letter queue where the rule's queue is gone", async () => {
    target = { arn: arnOf("gone"), deadLetterArn: arnOf(DEAD) };
    await publish();
    expect(messages(DEAD)).toHaveLength(1);
  });

  it("A rule invokes a function, or drops the event where no permission allows it", async () => {
    target = { arn: FUNCTION_ARN, deadLetterArn: arnOf(DEAD) };
    await publish();
    expect(invoked).toMatchObject([{ source: "app" }]);
    functionRefuses = true;
    await publish();
    expect(messages(DEAD)).toHaveLength(1);
  });

  it("A rule sends to a FIFO queue under its message group", async () => {
    const name = "changes.fifo";
    declareQueue(sqs, {
      name,
      arn: arnOf(name),
      url: urlOf(name),
      policies: [letsRule(name)],
      attributes: { FifoQueue: true, ContentBasedDeduplication: true },
    });
    target = { arn: arnOf(name), messageGroupId: "g" };
    await publish();
    expect(messages(name)).toHaveLength(1);
  });
});
