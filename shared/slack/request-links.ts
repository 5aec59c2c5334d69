/**
 * Links from messages of people to the message about the same request in its channel. Where that is stands in the record of
 * what was sent, which notify reads and saves in any case: it is noted there, and costs no read of its own.
 */
import type { Notice } from "../domain/notices/notice.ts";
import { partsOfKey } from "../domain/notices/notice-key.ts";
import type { NoticeRecord, SentMessage } from "../domain/notices/notice-record.ts";
import type { NoticeStore } from "../ports/notice-store.ts";
import { SlackBusy, SlackRefusal } from "./slack-errors.ts";
import type { SlackWebApi } from "./slack-web-api.ts";

export interface RequestLinks {
  /** The store that was given, with its records noted. */
  readonly notices: NoticeStore;
  /** The link for a message; undefined where it needs none, and where Slack does not say. Never throws for Slack. */
  linkFor(notice: Notice): Promise<string | undefined>;
}

/**
 * How many requests are remembered, and their links. A run notes its own first, and takes ten at once: more are only
 * remembered to save calls.
 */
const MOST_NOTED = 200;
/** An address as Slack makes them: nothing in it ends a link or begins another one. */
const ADDRESS = /^https?:\/\/[\w.:-]+\/[\w./-]{1,300}$/;

/** @param api gives up soon: somebody waits for the message */
export function requestLinks(notices: NoticeStore, api: SlackWebApi): RequestLinks {
  const places = new Map<string, SentMessage>();
  const links = new Map<string, string>();
  const noted = <Kept extends NoticeRecord | undefined>(record: Kept): Kept => {
    const place = record && placeIn(record);
    if (place) remember(places, record.subject, place);
    return record;
  };

  return {
    notices: {
      ...notices,
      load: async (subject) => noted(await notices.load(subject)),
      save: async (record) => noted(await notices.save(record)),
      begin: async (record) => noted(await notices.begin(record)),
    },

    async linkFor({ audience, subject, thread }) {
      const place = places.get(subject);
      // An answer in a thread stands under a message that has it.
      if (audience.kind !== "person" || thread !== undefined || !place) return undefined;
      const key = `${place.channel} ${place.timestamp}`;
      const link = links.get(key) ?? (await permalink(api, place));
      if (link !== undefined) remember(links, key, link);
      return link;
    },
  };
}

/** The newest message about the request in a channel: its rule may have another channel by now. */
const placeIn = ({ sent }: NoticeRecord): SentMessage | undefined =>
  Object.entries(sent)
    .filter(([key]) => partsOfKey(key).kind === "request")
    .map(([, message]) => message)
    .toSorted((a, b) => (a.timestamp < b.timestamp ? 1 : -1))[0];

function remember<Value>(map: Map<string, Value>, key: string, value: Value): void {
  map.delete(key);
  map.set(key, value);
  const [oldest] = map.keys();
  if (map.size > MOST_NOTED && oldest !== undefined) map.delete(oldest);
}

/** https://docs.slack.dev/reference/methods/chat.getPermalink needs no scope. A message is right without its link. */
async function permalink(
  api: SlackWebApi,
  { channel, timestamp }: SentMessage,
): Promise<string | undefined> {
  try {
    const answer = await api.call("chat.getPermalink", { channel, message_ts: timestamp });
    const link = answer["permalink"];
    return typeof link === "string" && ADDRESS.test(link) ? link : undefined;
  } catch (error) {
    if (error instanceof SlackBusy || error instanceof SlackRefusal) return undefined;
    throw error;
  }
}
