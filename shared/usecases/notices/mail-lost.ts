import { type NoticeRecord, withUndeliverable } from "../../domain/notices/notice-record.ts";
import type { NotifyPorts } from "../../ports/function-ports.ts";
import { NoticeConflict } from "../../ports/notice-store.ts";

/** A message of which SES says that it did not arrive. */
export interface LostMail {
  readonly subject: string;
  /** As SES answered it when it took the message. */
  readonly messageId: string;
  /** A stable code that people can look up: `email-bounced`. */
  readonly reason: string;
}

/** How often the record is looked at, and the pause between two looks. */
const LOOKS = 6;
const PAUSE_MS = 1_000;

/**
 * Records that an e-mail did not arrive, so that whoever looks at its subject sees it. A message that the record
 * does not have changes nothing. While one is noted as begun, the record is looked at again: it may be the
 * message in question. And a save would have whoever sends it lose theirs, and send it twice.
 *
 * @returns whether it is recorded
 * @throws Error where nobody knows yet: the event is then to be handled again later
 */
export async function mailLost(
  { notices, clock, pause }: Pick<NotifyPorts, "notices" | "clock" | "pause">,
  { subject, messageId, reason }: LostMail,
): Promise<boolean> {
  for (let look = 1; look <= LOOKS; look += 1) {
    const record = await notices.load(subject);
    if (!record) return false;
    if (!isSending(record)) {
      const changed = withLost(record, messageId, reason, clock.now());
      if (changed === record) return false;
      if (await isSaved(notices, changed)) return true;
    }
    await pause.for(PAUSE_MS);
  }
  throw new Error(
    `It is not known yet which message of ${subject} did not arrive. Nothing was recorded.`,
  );
}

const isSending = ({ begun = {} }: NoticeRecord): boolean => Object.keys(begun).length > 0;

/** Whether no other worker saved first. */
async function isSaved(notices: NotifyPorts["notices"], record: NoticeRecord): Promise<boolean> {
  try {
    await notices.save(record);
    return true;
  } catch (error) {
    if (error instanceof NoticeConflict) return false;
    throw error;
  }
}

/**
 * The record once a service says that a message did not arrive after all; the same where the record has no
 * such message.
 *
 * @param id the message's, as the service answered it
 * @param at ISO 8601 UTC
 */
function withLost(record: NoticeRecord, id: string, reason: string, at: string): NoticeRecord {
  const found = Object.entries(record.sent).find(([, { timestamp }]) => timestamp === id);
  return found ? withUndeliverable(record, found[0], { reason, at, hash: found[1].hash }) : record;
}
