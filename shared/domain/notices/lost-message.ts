import { type NoticeRecord, withUndeliverable } from "./notice-record.ts";

/**
 * The record once a service says that a message did not arrive after all; the same where the record has no
 * such message.
 *
 * @param id the message's, as the service answered it
 * @param at ISO 8601 UTC
 */
export function withLost(
  record: NoticeRecord,
  id: string,
  reason: string,
  at: string,
): NoticeRecord {
  const found = Object.entries(record.sent).find(([, { timestamp }]) => timestamp === id);
  return found ? withUndeliverable(record, found[0], { reason, at, hash: found[1].hash }) : record;
}
