/** The event of SES about a message that it accepted and that did not arrive. */
import { randomUUID } from "node:crypto";
import type { BusEvent } from "../eventbridge/state.ts";
import type { ConfigurationSet, SesMessage } from "./state.ts";

interface Place {
  readonly account: string;
  readonly region: string;
}

const TYPES = {
  bounced: ["Email Bounced", "BOUNCE", "General"],
  suppressed: ["Email Bounced", "BOUNCE", "OnAccountSuppressionList"],
  complained: ["Email Complaint Received", "COMPLAINT", ""],
} as const;

/**
 * On the account's default bus; undefined where it arrived, or the set does not report it.
 * https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html
 */
export function mailEvent(
  { account, region }: Place,
  { id, at, from, to, tags, configurationSet, fate }: SesMessage,
  set: ConfigurationSet | undefined,
): BusEvent | undefined {
  if (fate === "delivered") return undefined;
  const [type, eventType, subType] = TYPES[fate];
  if (!set?.eventTypes.includes(eventType)) return undefined;
  const time = new Date(at).toISOString();
  const listed = Object.entries(tags).map(([name, value]) => [name, [value]]);
  const recipients = to.map((emailAddress) => ({ emailAddress }));
  const mail = {
    timestamp: time,
    source: from,
    sendingAccountId: account,
    messageId: id,
    destination: to,
    tags: Object.fromEntries(listed),
  };
  const what =
    eventType === "BOUNCE"
      ? {
          bounce: {
            bounceType: "Permanent",
            bounceSubType: subType,
            bouncedRecipients: recipients,
          },
        }
      : { complaint: { complainedRecipients: recipients } };
  return {
    version: "0",
    id: randomUUID(),
    "detail-type": type,
    source: "aws.ses",
    account,
    time: `${time.slice(0, 19)}Z`,
    region,
    resources: [`arn:aws:ses:${region}:${account}:configuration-set/${configurationSet}`],
    detail: { eventType: eventType === "BOUNCE" ? "Bounce" : "Complaint", mail, ...what },
  };
}
