/** Finds messages whose answers were lost. One is kept for each notice, and its copies are taken away. */
import {
  isForgotten,
  marksOf,
  nextLook,
  withFound,
  withoutMark,
} from "../../domain/notices/marked-messages.ts";
import type { Marked, NoticeRecord } from "../../domain/notices/notice-record.ts";
import type { NotifyPorts } from "../../ports/function-ports.ts";
import {
  AppRefused,
  type MessagePlace,
  type Messenger,
  MessengerBusy,
  NoticeRefused,
} from "../../ports/messenger.ts";
import type { NotifyRun } from "./notify-run.ts";

/** No further copy with less than this left: taking one away waits for four seconds and takes eight. */
const REMOVAL_MS = 13_000;

/**
 * Looks for every marked message of the record. The next save stores what was found: a run that ends before finds
 * it again.
 *
 * @throws the failure of a table that does not answer
 */
export async function findCopies(
  { messenger, clock }: NotifyPorts,
  stored: NoticeRecord,
  run: NotifyRun,
): Promise<NoticeRecord> {
  if (!messenger) return stored;
  let record = stored;
  for (const [key, marked] of marksOf(stored)) {
    const place = await messenger.find(marked.mark);
    if (place) record = await settled(messenger, record, { key, marked, place }, run);
    else if (isForgotten(marked, clock.now())) {
      run.log("a message has no answer, and was not found", { key });
      record = withoutMark(record, key, marked.mark);
    }
  }
  return record;
}

/** When to look again for what is not found yet, ISO 8601 UTC. */
export const looksFor = ({ clock }: NotifyPorts, record: NoticeRecord): readonly string[] =>
  marksOf(record).map(([, marked]) => nextLook(marked, clock.now()));

interface Found {
  readonly key: string;
  readonly marked: Marked;
  readonly place: MessagePlace;
}

/** Keeps the message that was found, or takes it away where another one is there. */
async function settled(
  messenger: Messenger,
  record: NoticeRecord,
  { key, marked, place }: Found,
  run: NotifyRun,
): Promise<NoticeRecord> {
  const kept = record.sent[key];
  if (!kept) {
    run.log("a message without an answer was found", { key });
    return withFound(record, key, marked, place);
  }
  const isCopy = kept.channel !== place.channel || kept.timestamp !== place.timestamp;
  if (isCopy && !(await isTakenAway(messenger, place, key, run))) return record;
  return withoutMark(record, key, marked.mark);
}

/** A copy that cannot be taken away is tried again as long as it is looked for. */
async function isTakenAway(
  messenger: Messenger,
  place: MessagePlace,
  key: string,
  run: NotifyRun,
): Promise<boolean> {
  if (run.millisLeft() < REMOVAL_MS) return false;
  try {
    await messenger.remove(place);
  } catch (error) {
    const isKnown =
      error instanceof MessengerBusy ||
      error instanceof NoticeRefused ||
      error instanceof AppRefused;
    if (!isKnown) throw error;
    run.log("a copy of a message cannot be taken away", { key, error });
    return false;
  }
  run.log("a copy of a message was taken away", { key });
  return true;
}
