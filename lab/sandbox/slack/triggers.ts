import { randomBytes } from "node:crypto";
import { SlackError } from "./slack-error.ts";
import type { SlackContext } from "./state.ts";

/** https://docs.slack.dev/interactivity/handling-user-interaction: valid this long, and once. */
const VALID_MS = 3_000;
/** The time for which an expired trigger is known from one that never existed. */
const REMEMBERED_MS = 3_600_000;
const FORM = /^\d+\.\d+\.[0-9a-f]+$/;

/** A trigger for what the person just did. */
export function newTrigger({ store, now }: SlackContext, userId: string): string {
  const at = now().getTime();
  return store.change((state) => {
    state.triggers = Object.fromEntries(
      Object.entries(state.triggers).filter(([, { issuedAt }]) => at - issuedAt < REMEMBERED_MS),
    );
    state.lastId += 1;
    const id = `${at}.${state.lastId}.${randomBytes(16).toString("hex")}`;
    state.triggers[id] = { userId, issuedAt: at, exchanged: false };
    return id;
  });
}

/**
 * Uses a trigger up.
 * @returns the person whose doing it was
 * @throws SlackError `invalid_trigger_id`, `expired_trigger_id`, `exchanged_trigger_id`
 */
export function exchangeTrigger({ store, now }: SlackContext, id: string): string {
  const trigger = Object.hasOwn(store.state.triggers, id) ? store.state.triggers[id] : undefined;
  if (!trigger) throw new SlackError(FORM.test(id) ? "expired_trigger_id" : "invalid_trigger_id");
  if (trigger.exchanged) throw new SlackError("exchanged_trigger_id");
  if (now().getTime() - trigger.issuedAt > VALID_MS) throw new SlackError("expired_trigger_id");
  store.change((state) => {
    state.triggers[id] = { ...trigger, exchanged: true };
  });
  return trigger.userId;
}
