/** Hands an event to the targets of the rules that match it. */
import { AwsError } from "../service.ts";
import type { NewMessage } from "../sqs/add-message.ts";
import { openQueue } from "../sqs/queue.ts";
import { queueLetsSend } from "../sqs/queue-policy.ts";
import type { SqsState } from "../sqs/state.ts";
import type { Store } from "../store.ts";
import { matchesPattern } from "./event-pattern.ts";
import type { EventRule, EventTarget } from "./rule.ts";
import type { BusEvent } from "./state.ts";

export interface RuleDelivery {
  readonly rules: readonly EventRule[];
  readonly sqs: Store<SqsState>;
  readonly account: string;
  /**
   * Invokes a function asynchronously.
   * @throws AwsError AccessDeniedException where no permission lets the rule invoke it
   */
  readonly invoke: (functionArn: string, event: BusEvent, ruleArn: string) => void;
  /**
   * Sends to another bus.
   * @throws AwsError where the bus or a policy refuses
   */
  readonly forward: (rule: EventRule, target: EventTarget, event: BusEvent) => Promise<void>;
  readonly log: (line: string) => void;
}

/** The sender's id in a queue's messages from EventBridge. */
const SENDER_ID = "AIDAEVENTBRIDGE000000";

/** Delivers an event of a bus to every target of every rule on it that matches. */
export function deliverEvent(delivery: RuleDelivery, busName: string, event: BusEvent): void {
  for (const rule of delivery.rules)
    if (rule.busName === busName && matchesPattern(rule.pattern, event))
      for (const target of rule.targets) deliverTo(delivery, rule, target, event);
}

/**
 * A target that is not there or refuses is not asked again: "Some errors aren't retriable".
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-retry-policy.html
 */
function deliverTo(
  delivery: RuleDelivery,
  rule: EventRule,
  target: EventTarget,
  event: BusEvent,
): void {
  const body = JSON.stringify(event);
  const failed = (thrown: unknown) => {
    if (!(thrown instanceof AwsError)) throw thrown;
    const said = `${rule.name}: ${target.arn} did not get an event: ${thrown.message}`;
    delivery.log(`${said} ${giveUp(delivery, rule, target, body, thrown)}`);
  };
  try {
    if (isOf("lambda", target)) delivery.invoke(target.arn, event, rule.arn);
    else if (isOf("events", target)) delivery.forward(rule, target, event).catch(failed);
    else send(delivery, rule, target.arn, groupOf(target, body));
  } catch (thrown) {
    failed(thrown);
  }
}

const isOf = (service: string, { arn }: EventTarget) => arn.split(":")[2] === service;

const groupOf = ({ messageGroupId }: EventTarget, body: string) => ({
  body,
  ...(messageGroupId === undefined ? {} : { messageGroupId }),
});

/** @throws AwsError of SQS, and AccessDenied where the queue's policy does not let the rule send */
function send(
  { sqs, account }: RuleDelivery,
  rule: EventRule,
  queueArn: string,
  message: Omit<NewMessage, "senderId">,
): void {
  const queue = openQueue(sqs, queueArn);
  if (!queueLetsSend(sqs.state, queueArn, { service: "events", sourceArn: rule.arn, account }))
    throw new AwsError(
      "AccessDenied",
      403,
      `The queue's policy does not let events.amazonaws.com send for ${rule.arn}.`,
    );
  queue.send({ ...message, senderId: SENDER_ID });
}

/** Sends to the target's dead-letter queue, if it has one. Answers what became of the event. */
function giveUp(
  delivery: RuleDelivery,
  rule: EventRule,
  target: EventTarget,
  body: string,
  { code, message }: AwsError,
): string {
  const { deadLetterArn } = target;
  if (deadLetterArn === undefined) return "The event was dropped.";
  const attributes = {
    RULE_ARN: rule.arn,
    TARGET_ARN: target.arn,
    ERROR_CODE: code === "AccessDenied" ? "NO_PERMISSIONS" : code,
    ERROR_MESSAGE: message,
    RETRY_ATTEMPTS: "0",
  };
  try {
    send(delivery, rule, deadLetterArn, {
      body,
      messageAttributes: Object.fromEntries(
        Object.entries(attributes).map(([name, value]) => [
          name,
          { DataType: "String", StringValue: value },
        ]),
      ),
    });
    return `It is in ${deadLetterArn}.`;
  } catch (thrown) {
    if (!(thrown instanceof AwsError)) throw thrown;
    return `The event was dropped, since its dead-letter queue refused it: ${thrown.message}`;
  }
}
