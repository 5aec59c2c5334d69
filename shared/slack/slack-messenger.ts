import type { Audience, Notice, Precedence } from "../domain/notices/notice.ts";
import { type AccessPolicy, memberOf } from "../domain/policy/policy.ts";
import { plusSeconds, secondsBetween } from "../domain/values/instant.ts";
import type { Clock } from "../ports/clock.ts";
import type { MessagePlaces } from "../ports/message-places.ts";
import {
  AppRefused,
  type MessagePlace,
  type Messenger,
  MessengerBusy,
  NoticeRefused,
} from "../ports/messenger.ts";
import type { Pause } from "../ports/pause.ts";
import type { SendPace } from "../ports/send-pace.ts";
import { messageFor } from "./message.ts";
import { linkBlock } from "./message-parts.ts";
import { MESSAGE_EVENT } from "./posted-payload.ts";
import type { RequestLinks } from "./request-links.ts";
import { APP_REFUSED, READER_REFUSED, SlackBusy, SlackRefusal } from "./slack-errors.ts";
import type { SlackAnswer, SlackArguments, SlackWebApi } from "./slack-web-api.ts";

export interface SlackMessengerPorts {
  readonly api: SlackWebApi;
  /** Where messages are, as Slack reported to the function that it calls. */
  readonly places: Pick<MessagePlaces, "find">;
  readonly links: Pick<RequestLinks, "linkFor">;
  readonly policy: AccessPolicy;
  readonly pace: SendPace;
  readonly clock: Clock;
  readonly pause: Pause;
}

/**
 * How far apart calls go. It is a little more than Slack asks for. Slack takes one message a second
 * and channel, and 50 updates a minute. https://docs.slack.dev/apis/web-api/rate-limits
 */
const GAP_MS = { "chat.postMessage": 1_050, "chat.update": 1_250, "chat.delete": 1_250 } as const;
type Method = keyof typeof GAP_MS;

/**
 * How far ahead a message takes a slot; a later one is left to another run. So what goes first finds a
 * slot where others find none.
 */
const LONGEST_WAIT_SECONDS = { first: 3.75, next: 3.5, last: 1.25 } as const;
/** How long that run waits then. */
const CROWDED_SECONDS = 5;
/** The turn of a message that newer ones have overtaken is at most this far ahead. */
const LONGEST_TURN_SECONDS = 3_600;

/** Shows notices in Slack, in channels and in the direct messages of people. */
export function slackMessenger(ports: SlackMessengerPorts): Messenger {
  const call = async (
    method: Method,
    lane: string,
    precedence: Precedence,
    args: SlackArguments,
    notice?: Notice,
  ) => {
    const wait = await slot(ports, method, lane, precedence);
    // The link is asked for in the time that the message waits in any case.
    const [content] = await Promise.all([
      notice && contentOf(ports, notice),
      wait > 0 ? ports.pause.for(wait) : undefined,
    ]);
    try {
      return await ports.api.call(method, { ...args, ...content });
    } catch (error) {
      throw translated(error);
    }
  };

  return {
    async send(notice, thread, mark) {
      const channel = thread?.channel ?? recipientOf(ports.policy, notice.audience);
      // A text that people wrote is shown as it is, without a preview of its links.
      const quiet = { unfurl_links: false, unfurl_media: false };
      const within = thread && { thread_ts: thread.timestamp };
      const args = { channel, ...quiet, ...within, ...metadataOf(mark) };
      const lane = `chat.postMessage#${channel}`;
      return placeIn(await call("chat.postMessage", lane, notice.precedence, args, notice));
    },

    async update({ channel, timestamp }, notice) {
      const args = { channel, ts: timestamp };
      await call("chat.update", "chat.update", notice.precedence, args, notice);
    },

    find: (mark) => ports.places.find(mark),

    async remove({ channel, timestamp: ts }) {
      try {
        await call("chat.delete", "chat.delete", "next", { channel, ts });
      } catch (error) {
        if (!(error instanceof NoticeRefused && error.reason === "message-not-found")) throw error;
      }
    },
  };
}

/** Slack shows it to nobody, and sends the app an event for each message that has it. An update without it keeps it. */
const metadataOf = (mark: string | undefined) =>
  mark === undefined ? {} : { metadata: { event_type: MESSAGE_EVENT, event_payload: { mark } } };

async function contentOf({ policy, links }: SlackMessengerPorts, notice: Notice) {
  const { text, blocks } = messageFor(notice, (person) => slackUserOf(policy, person));
  const link = await links.linkFor(notice);
  return { text, blocks: link === undefined ? blocks : [...blocks, linkBlock(link)] };
}

/** A person is written to by id; Slack answers the `D…` of their direct messages. */
function recipientOf(policy: AccessPolicy, audience: Audience): string {
  if (audience.kind === "channel") return audience.channel;
  const user = slackUserOf(policy, audience.person);
  if (user !== undefined) return user;
  throw new NoticeRefused(
    "person-unknown",
    `access.yaml names no Slack user of ${audience.person} in slack.teams. The message was not sent; add team/user to the person's identities.`,
    // The policy is that of a deployment, and the next one may name them.
    { isRepairable: true },
  );
}

/** A person's user in the first workspace of the policy that knows one. */
function slackUserOf(policy: AccessPolicy, person: string): string | undefined {
  const teams = policy.slack?.teams ?? [];
  const identities = memberOf(policy, person)?.identities.slack ?? [];
  return identities
    .map((identity) => identity.split("/"))
    .find(([team = ""]) => teams.includes(team))?.[1];
}

/** The time until a slot of the lane, in milliseconds. @throws MessengerBusy where none is free soon */
async function slot(
  { pace, clock }: SlackMessengerPorts,
  method: Method,
  lane: string,
  precedence: Precedence,
): Promise<number> {
  const now = clock.now();
  const latest = plusSeconds(now, LONGEST_WAIT_SECONDS[precedence]);
  const at = await pace.nextSlot(lane, GAP_MS[method], latest);
  if (at === null) {
    const busy = `Too many messages wait for ${lane}.`;
    const isLast = precedence === "last";
    throw new MessengerBusy(busy, isLast ? await turn(pace, method, lane, now) : CROWDED_SECONDS);
  }
  return secondsBetween(now, at) * 1_000;
}

/**
 * How long until an overtaken message may try again, in seconds. Each has a turn of its own, as far
 * apart as calls. So however many wait, they try no more often than Slack could take them.
 */
async function turn(pace: SendPace, method: Method, lane: string, now: string): Promise<number> {
  const latest = plusSeconds(now, LONGEST_TURN_SECONDS);
  const at = await pace.nextSlot(`${lane}#last`, GAP_MS[method], latest);
  return at === null ? LONGEST_TURN_SECONDS : Math.max(0, secondsBetween(now, at));
}

function placeIn({ channel, ts }: SlackAnswer): MessagePlace {
  if (typeof channel === "string" && typeof ts === "string") return { channel, timestamp: ts };
  throw new NoticeRefused(
    "answer-unknown",
    "Slack sent a message and did not say where. It cannot be updated; nothing else was done.",
  );
}

/** Slack's errors, as the port has them. The reason is Slack's name for it: `channel-not-found`. */
function translated(error: unknown): unknown {
  if (error instanceof SlackBusy)
    return new MessengerBusy(error.message, error.retryAfterSeconds, { cause: error });
  if (!(error instanceof SlackRefusal)) return error;
  const { code, message } = error;
  const reason = code.replaceAll("_", "-");
  if (APP_REFUSED.has(code)) return new AppRefused(reason, message, { cause: error });
  const isRepairable = READER_REFUSED.has(code);
  return new NoticeRefused(reason, message, { cause: error, isRepairable });
}
