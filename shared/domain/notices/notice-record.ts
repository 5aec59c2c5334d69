/** The record of the notices of one request or finding: what should be shown, and what was sent. */
import { hashOf } from "../values/canonical-json.ts";
import { latest } from "../values/instant.ts";
import type { Notice, Precedence } from "./notice.ts";

/** Where a sent message is: the channel that the service answered, and the message's timestamp. */
export interface SentMessage {
  readonly channel: string;
  readonly timestamp: string;
  /** When it was sent or last updated, ISO 8601 UTC. */
  readonly at: string;
  /** Hash of the facts and actions that it shows, of every request in it. */
  readonly hash: string;
  /**
   * Until then, an update may still take effect and replace what it shows. It is under way, or had no
   * answer, or is of another worker. The message is updated again after that.
   */
  readonly unsettledUntil?: string;
}

/** A message that did not reach its readers. */
export interface Undeliverable {
  readonly reason: string;
  /** When it was found out. */
  readonly at: string;
  /**
   * Hash of a message that cannot be delivered: it is sent again only once it says something else, or
   * at `nextAt`.
   */
  readonly hash: string;
  /** How often in a row it was refused as it is. Absent where it is not tried again. */
  readonly tries?: number;
  /** When it is tried again as it is, ISO 8601 UTC. */
  readonly nextAt?: string;
  /** The service refuses the app, and not this message: it is tried again as it is. */
  readonly isRetried?: boolean;
}

/** A message that its medium cannot take back, noted before it was sent. */
interface Begun {
  /** When it was noted, ISO 8601 UTC. */
  readonly at: string;
  /** Until then, whoever noted it may still send it, ISO 8601 UTC. */
  readonly until: string;
  /** How often it was noted without an answer: twice at most. */
  readonly tries: number;
}

/** A message that was sent, or is about to be, and whose place is not known. Its medium finds it by its mark. */
export interface Marked {
  readonly mark: string;
  /** When it was noted, ISO 8601 UTC. */
  readonly at: string;
  /** Until then, it may still be sent, ISO 8601 UTC. */
  readonly until: string;
}

export interface NoticeRecord {
  /** The subject of the notices. See `subject.ts`. */
  readonly subject: string;
  /** The version that the notices should show; every stored step raises it. */
  readonly wanted: number;
  /** Counts up by one with every save of sent messages. */
  readonly revision: number;
  /** Counts up each time that something else changes which the messages show. */
  readonly looks: number;
  /** By notice key. */
  readonly sent: Readonly<Record<string, SentMessage>>;
  /** By notice key. */
  readonly undeliverable: Readonly<Record<string, Undeliverable>>;
  /** The `seq` of the last audit event that was published. */
  readonly published: number;
  /** The ids of prompts that were published: at most as many as a rule can have, and a few of a review. */
  readonly prompted: readonly string[];
  /** How often in a row delivery failed for a reason that passes. */
  readonly attempts: number;
  /** By notice key, messages of which nobody knows whether they were sent. Absent where there never was one. */
  readonly begun?: Readonly<Record<string, Begun>>;
  /** By notice key, messages whose places are not known, oldest first. Absent where there never was one. */
  readonly marked?: Readonly<Record<string, readonly Marked[]>>;
}

/** The record of a subject whose notices nobody has worked on yet. */
export const newNoticeRecord = (subject: string, wanted: number): NoticeRecord => ({
  subject,
  wanted,
  revision: 0,
  looks: 0,
  sent: {},
  undeliverable: {},
  published: 0,
  prompted: [],
  attempts: 0,
});

/** One message to send or to bring up to date. */
export interface Delivery {
  readonly notice: Notice;
  readonly hash: string;
  /** The message that is there; undefined where it is to be sent. */
  readonly message: SentMessage | undefined;
  /** From when on a message that was refused is tried again, ISO 8601 UTC. Absent for every other. */
  readonly retryAt?: string;
  /** It may have been sent already. Absent for every other. */
  readonly begun?: Begun;
  /** Until then, an earlier message may still be on its way, ISO 8601 UTC. Absent for every other. */
  readonly unknownUntil?: string;
  /** The mark by which it is found. Absent for a message that is there, or cannot be found. */
  readonly mark?: string;
}

/**
 * A message due within this many seconds is waited for in place. The sweep comes once a minute, and
 * also takes what is due so soon. So nothing is more than a minute late.
 */
export const NOTICE_WAIT_SECONDS = 6;

const RANK: Readonly<Record<Precedence, number>> = { first: 0, next: 1, last: 2 };

/** From when on it may be delivered, ISO 8601 UTC; null for at once. */
export function deliverableFrom({
  notice,
  message,
  hash,
  retryAt,
  begun,
  unknownUntil,
}: Delivery): string | null {
  if (begun) return begun.until;
  if (unknownUntil !== undefined) return later(unknownUntil, notice.notBefore);
  if (message?.hash === hash) return message.unsettledUntil ?? null;
  const { notBefore } = notice;
  const isLater = retryAt !== undefined && (notBefore === null || retryAt > notBefore);
  return isLater ? retryAt : notBefore;
}

const later = (one: string, other: string | null): string =>
  other !== null && other > one ? other : one;

/** A message that cannot be changed says the same for ever. */
const noticeHash = (notice: Notice): string => {
  const { facts, actions, once, key } = notice;
  const parts = "parts" in notice && notice.parts ? { parts: notice.parts } : {};
  return hashOf(once ? { once: key } : { facts, actions, ...parts });
};

/** The deliveries to ask the service for, in order of precedence. */
export function deliveriesFor(
  record: NoticeRecord,
  notices: readonly Notice[],
): readonly Delivery[] {
  return notices
    .map((notice) => ({ notice, message: record.sent[notice.key] }))
    .filter(({ notice, message }) => (message ? notice.once !== true : notice.send))
    .map((each) => ({ ...each, hash: noticeHash(each.notice) }))
    .filter(({ hash, message }) => message?.hash !== hash || message.unsettledUntil !== undefined)
    .filter(({ notice, hash }) => isWorthSending(record.undeliverable[notice.key], hash))
    .map((each) => ({ ...each, ...retryOf(record.undeliverable[each.notice.key], each.hash) }))
    .map((each) => ({ ...each, ...earlierOf(record, each.notice) }))
    .toSorted((a, b) => RANK[a.notice.precedence] - RANK[b.notice.precedence]);
}

const isWorthSending = (refused: Undeliverable | undefined, hash: string): boolean =>
  refused?.hash !== hash || refused.isRetried === true || refused.nextAt !== undefined;

const retryOf = (refused: Undeliverable | undefined, hash: string): Pick<Delivery, "retryAt"> =>
  refused?.nextAt !== undefined && refused.hash === hash ? { retryAt: refused.nextAt } : {};

/** The note of an earlier message of which nobody knows whether it was sent. */
function earlierOf(
  { begun = {}, marked = {}, sent }: NoticeRecord,
  { key }: Notice,
): Pick<Delivery, "begun" | "unknownUntil"> {
  const note = begun[key];
  if (note) return { begun: note };
  const unknownUntil = sent[key]
    ? undefined
    : latest((marked[key] ?? []).map((each) => each.until));
  return unknownUntil === undefined ? {} : { unknownUntil };
}

/** The record once a message is there. */
export function withSent(before: NoticeRecord, key: string, message: SentMessage): NoticeRecord {
  const record = withoutBegun(before, key);
  const { [key]: _delivered, ...undeliverable } = record.undeliverable;
  return { ...record, sent: { ...record.sent, [key]: message }, undeliverable, attempts: 0 };
}

/** The record once it is known what became of a message that was noted. */
export function withoutBegun(record: NoticeRecord, key: string): NoticeRecord {
  if (record.begun?.[key] === undefined) return record;
  const { [key]: _known, ...begun } = record.begun;
  return { ...record, begun };
}

/** The record with one more note of a message that is about to be sent. @param at and @param until ISO 8601 UTC */
export const withBegun = (
  record: NoticeRecord,
  key: string,
  at: string,
  until: string,
): NoticeRecord => ({
  ...record,
  begun: {
    ...record.begun,
    [key]: { at, until, tries: 1 + (record.begun?.[key]?.tries ?? 0) },
  },
});

/**
 * The record while an update of a message may still take effect; with undefined, once none may.
 * Without the message it is the same.
 */
export function withUnsettled(
  record: NoticeRecord,
  key: string,
  until: string | undefined,
): NoticeRecord {
  const sent = record.sent[key];
  if (sent === undefined) return record;
  const { unsettledUntil: _before, ...message } = sent;
  const marked = { ...message, ...(until !== undefined && { unsettledUntil: until }) };
  return { ...record, sent: { ...record.sent, [key]: marked } };
}

/**
 * The record once a message is known not to be deliverable. A fault that was known for the same
 * reason keeps its time.
 */
export function withUndeliverable(
  before: NoticeRecord,
  key: string,
  undeliverable: Undeliverable,
): NoticeRecord {
  const record = withoutBegun(before, key);
  const known = record.undeliverable[key];
  const at = known?.reason === undeliverable.reason ? known.at : undeliverable.at;
  return {
    ...record,
    undeliverable: { ...record.undeliverable, [key]: { ...undeliverable, at } },
  };
}
