/** Messages whose places are not known: each has a mark, by which its medium finds it later. Pure. */
import { plusSeconds } from "../values/instant.ts";
import { type Marked, type NoticeRecord, withSent } from "./notice-record.ts";

/** Slack reports a message at once, and again a minute and five minutes later where nobody answered. */
const FORGET_SECONDS = 900;
const FIRST_LOOK_SECONDS = 60;

/** The record with one more message of `key` that is about to be sent; again with another `until`, as it is now. */
export function withMarked(record: NoticeRecord, key: string, message: Marked): NoticeRecord {
  const others = (record.marked?.[key] ?? []).filter(({ mark }) => mark !== message.mark);
  return { ...record, marked: { ...record.marked, [key]: [...others, message] } };
}

/** The record once a mark is needed no longer; the same where it has no such mark. */
export function withoutMark(
  record: NoticeRecord,
  key: string,
  mark: string | undefined,
): NoticeRecord {
  const { [key]: all = [], ...others } = record.marked ?? {};
  const left = all.filter((each) => each.mark !== mark);
  if (left.length === all.length) return record;
  return { ...record, marked: left.length === 0 ? others : { ...others, [key]: left } };
}

/** Every mark of the record with its key, oldest first. */
export const marksOf = ({ marked = {} }: NoticeRecord): readonly (readonly [string, Marked])[] =>
  Object.entries(marked)
    .flatMap(([key, all]) => all.map((each) => [key, each] as const))
    .toSorted(([, a], [, b]) => (a.at < b.at ? -1 : 1));

/** The record once the message of a mark is found: it takes the place of the missing one, and shows something else. */
export const withFound = (
  record: NoticeRecord,
  key: string,
  { mark, at }: Marked,
  place: { readonly channel: string; readonly timestamp: string },
): NoticeRecord => withSent(withoutMark(record, key, mark), key, { ...place, at, hash: "unknown" });

/** Whether nothing will be heard any more of a message. @param now ISO 8601 UTC */
export const isForgotten = ({ at }: Marked, now: string): boolean =>
  plusSeconds(at, FORGET_SECONDS) <= now;

/** When to look again for a message that is not on its way any more: after a minute, and then ever less often. */
export function nextLook({ at, until }: Marked, now: string): string {
  const age = (Date.parse(now) - Date.parse(at)) / 1_000;
  const look = plusSeconds(now, Math.max(FIRST_LOOK_SECONDS, Math.min(age, FORGET_SECONDS)));
  return look > until ? look : until;
}
