/** Stores that a message is there. */
import {
  type NoticeRecord,
  type SentMessage,
  withSent,
} from "../../domain/notices/notice-record.ts";
import type { NotifyPorts } from "../../ports/function-ports.ts";
import { NoticeConflict } from "../../ports/notice-store.ts";

/** Where another run saved first, the message is kept as well: forgotten, it would be sent again. */
export async function savedAsSent(
  notices: NotifyPorts["notices"],
  record: NoticeRecord,
  key: string,
  shown: SentMessage,
): Promise<NoticeRecord> {
  try {
    return await notices.save(withSent(record, key, shown));
  } catch (error) {
    const other = error instanceof NoticeConflict ? await notices.load(record.subject) : undefined;
    if (other && !other.sent[key]) await notices.save(withSent(other, key, shown));
    throw error;
  }
}
