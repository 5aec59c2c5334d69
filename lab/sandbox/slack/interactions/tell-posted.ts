/** Tells the app of a message with metadata, where its manifest asks for that. */
import { setTimeout as sleep } from "node:timers/promises";
import type { JsonObject } from "../blocks/check.ts";
import type { SlackFaults } from "../faults.ts";
import type { SlackContext, StoredMessage } from "../state.ts";
import { type DeliverOptions, deliver } from "./deliver.ts";
import { MESSAGE_METADATA_POSTED, messageMetadataPosted } from "./payloads.ts";

/** https://docs.slack.dev/apis/events-api: three more tries, nearly at once, after a minute and after five. */
const AGAIN_MS = [0, 60_000, 300_000] as const;

export interface Teller {
  readonly slack: SlackContext;
  readonly faults: SlackFaults;
  readonly delivery: Omit<DeliverOptions, "signingSecret"> & {
    /** Undefined where nobody has put one: then no event reaches the app. */
    readonly signingSecret: () => string | undefined;
  };
}

/** Whether the app may get the event, and asks for it. */
function isTold({ directory }: SlackContext, { metadata }: StoredMessage): boolean {
  const { id, scopes, events, metadataSubscriptions } = directory.app;
  return (
    metadata !== undefined &&
    scopes.includes("metadata.message:read") &&
    events.includes(MESSAGE_METADATA_POSTED) &&
    metadataSubscriptions.some(
      ({ app, eventType }) => eventType === metadata.eventType && ["*", id].includes(app),
    )
  );
}

/**
 * Never rejects: where every delivery fails, the app does not get it.
 * @param answer that of the call that posted the message
 */
export async function tellPosted(
  { slack, faults, delivery }: Teller,
  answer: JsonObject,
): Promise<void> {
  const message = slack.store.state.messages.find(
    ({ channel, ts }) => channel === answer["channel"] && ts === answer["ts"],
  );
  const signingSecret = delivery.signingSecret();
  if (!message?.metadata || signingSecret === undefined || !isTold(slack, message)) return;
  const request = messageMetadataPosted(slack, message, message.metadata);
  for (let tries = 0; tries <= AGAIN_MS.length; tries += 1) {
    if (tries > 0) await sleep(AGAIN_MS[tries - 1], undefined, { ref: false });
    // A fault for all methods is one of the Web API: only one that names the event strikes it.
    const isNamed = faults.list().some(({ method }) => method === MESSAGE_METADATA_POSTED);
    if (isNamed && faults.take(MESSAGE_METADATA_POSTED)) continue;
    const reason = { "x-slack-retry-num": `${tries}`, "x-slack-retry-reason": "http_error" };
    const done = await deliver({ ...delivery, signingSecret }, request, tries === 0 ? {} : reason);
    if (done.error === undefined || done.noRetry) return;
  }
}
