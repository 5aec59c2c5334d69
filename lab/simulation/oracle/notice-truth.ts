/** The oracle's facts about the messages and events of one subject. */

import type { Notice } from "../../../shared/domain/notices/notice.ts";
import { plusSeconds } from "../../../shared/domain/values/instant.ts";
import type { MemoryNotices, MemoryTables } from "../../fakes/memory-tables.ts";
import type { NoticeBounds } from "./bounds.ts";
import { placeOf } from "./message-copies.ts";
import { noticeSays, type StoredSubject } from "./stored-subject.ts";

/** The facts about the notices of one subject. Moments are milliseconds since the epoch. */
export interface NoticeTruth {
  /** As the last step stored it. */
  now: StoredSubject;
  /** Every state that was ever stored, by what a message says of it. */
  readonly stored: Set<string>;
  /**
   * By key, the contents that Slack refused since the last step, and the last one before it. A run that
   * was overtaken may have an older content refused after the present one.
   */
  readonly refused: Map<string, readonly string[]>;
  /** How many messages may exist besides the first of each key. */
  repeatable: number;
  /** Runs of notify that are under way. */
  runs: number;
  /** The last event that the bus has, in order. */
  published: number;
  /** The time until which a fault may have an effect. */
  troubledUntil: number;
  /** The result of the last look, and the state that it looked at. */
  seen: Seen | undefined;
  /** Counts what Slack does about it. */
  changes: number;
  /** Since when something is not shown, or not published; undefined while nothing is missing. */
  missingSince: number | undefined;
}

/** A finding holds until one of these changes, or `until` comes. */
interface Seen {
  readonly now: StoredSubject;
  readonly item: MemoryNotices | undefined;
  readonly changes: number;
  readonly until: string;
  readonly missing: Missing | undefined;
}

const LOOK_AGAIN_SECONDS = 60;

/**
 * A missing message may be owed no longer: nobody hears that access ends soon once it has ended.
 */
export function seenUntil(now: string, until: string, missing: Missing | undefined): string {
  const again = plusSeconds(now, LOOK_AGAIN_SECONDS);
  return missing !== undefined && again < until ? again : until;
}

/** When what is missing since an instant must be there at the latest. In milliseconds since the epoch. */
export function latestOf(
  truth: NoticeTruth,
  since: number,
  allTroubledUntil: number,
  { prompt, recovery }: NoticeBounds,
): number {
  const troubledUntil = Math.max(truth.troubledUntil, allTroubledUntil);
  const isTroubled = troubledUntil + recovery > since;
  return isTroubled ? Math.max(since, troubledUntil) + recovery : since + prompt;
}

/** How many messages were posted and repeated in one life, and how often something went wrong. */
export interface NoticeCounts {
  readonly messages: number;
  readonly duplicates: number;
  readonly troubles: number;
}

export const NO_NOTICES: NoticeCounts = { messages: 0, duplicates: 0, troubles: 0 };

/** The counts of two lives together. */
export const addCounts = (a: NoticeCounts, b: NoticeCounts): NoticeCounts => ({
  messages: a.messages + b.messages,
  duplicates: a.duplicates + b.duplicates,
  troubles: a.troubles + b.troubles,
});

export const contentOf = ({ facts, actions }: Notice) => JSON.stringify([facts, actions]);

/**
 * Whether a message has a notice's content. A deployment changes no message at once: one that was
 * sent before may name people whom the policy no longer has, or offer an action. That action is
 * then refused.
 */
const shows = (content: string | undefined, notice: Notice, isPolicyNew: boolean): boolean =>
  content === contentOf(notice) ||
  (isPolicyNew && content !== undefined && saysIn(content, notice) === noticeSays(notice));

/** The text of a message of the same kind, apart from the policy's parts. */
const saysIn = (content: string, notice: Notice): string => {
  const [facts] = JSON.parse(content) as [Notice["facts"]];
  return noticeSays({ ...notice, facts } as Notice);
};

export interface Missing {
  readonly invariant: "notices-shown" | "events-published" | "refusals-recorded";
  readonly what: string;
}

export const newNoticeTruth = (now: StoredSubject): NoticeTruth => ({
  now,
  stored: new Set(),
  refused: new Map(),
  repeatable: 0,
  runs: 0,
  published: 0,
  troubledUntil: Number.NEGATIVE_INFINITY,
  seen: undefined,
  changes: 0,
  missingSince: undefined,
});

/** Somebody was suspended, or is no longer. A message is compared with that within ten minutes. */
export function stoppedAt(truth: NoticeTruth, now: number): void {
  truth.changes += 1;
  truth.troubledUntil = Math.max(truth.troubledUntil, now);
}

/** To show an earlier content again, notify must ask Slack again, unless that was refused last. */
export function keepLastRefusals({ refused }: NoticeTruth): void {
  for (const [key, contents] of refused) refused.set(key, contents.slice(-1));
}

export const missingEvents = ({ now, published }: NoticeTruth): Missing | undefined =>
  published < now.version
    ? {
        invariant: "events-published",
        what: `Of ${now.subject}, the bus has events up to ${published} of ${now.version}`,
      }
    : undefined;

/** The state that the messages are compared with. */
interface Shown {
  readonly tables: Pick<MemoryTables, "delegations">;
  /** By place, what each message in Slack shows. */
  readonly messages: ReadonlyMap<string, string>;
  readonly isPolicyNew: boolean;
}

/** The first message that is owed and not there. */
export function missingMessage(
  truth: NoticeTruth,
  item: MemoryNotices | undefined,
  notices: readonly Notice[],
  shown: Shown,
): Missing | undefined {
  if (!item) return undefined;
  for (const notice of notices) {
    if (mayBeForOthers(shown.tables, notice)) continue;
    const found = missingNotice(truth, item, notice, shown);
    if (found) return found;
  }
  return undefined;
}

/** The missing part of a message that should exist. */
function missingNotice(
  truth: NoticeTruth,
  { record, dueAt }: MemoryNotices,
  notice: Notice,
  { messages, isPolicyNew }: Shown,
): Missing | undefined {
  const { key, send, precedence, thread } = notice;
  // Newer messages have overtaken it: it waits for room, and may not be forgotten.
  if (precedence === "last" && dueAt !== null) return undefined;
  const sent = record.sent[key];
  if (!sent && !send) return undefined;
  // An answer is sent once the message is there that it answers; that one is owed by itself.
  if (thread !== undefined && !record.sent[thread]) return undefined;
  if (sent && shows(messages.get(placeOf(sent)), notice, isPolicyNew)) return undefined;
  const wanted = contentOf(notice);
  if (!truth.refused.get(key)?.includes(wanted))
    return {
      invariant: "notices-shown",
      what: `${key} of ${truth.now.subject} does not show ${truth.now.says}`,
    };
  return record.undeliverable[key]
    ? undefined
    : {
        invariant: "refusals-recorded",
        what: `${key} of ${truth.now.subject} was refused, and nothing records that`,
      };
}

/** Whether its reader may be asked for somebody else in its place: the plan here knows no delegations. */
const mayBeForOthers = (
  { delegations }: Pick<MemoryTables, "delegations">,
  { kind, audience }: Notice,
): boolean =>
  kind === "decision-wanted" &&
  audience.kind === "person" &&
  [...delegations.values()]
    .flat()
    .some((record) => record.type === "delegate" && record.details.to === audience.person);
