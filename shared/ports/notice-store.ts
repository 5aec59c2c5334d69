import type { NoticeRecord } from "../domain/notices/notice-record.ts";

/** A subject whose notices are due, and since when. */
export interface DueNotices {
  readonly subject: string;
  readonly dueAt: string;
  /** Another one after each step and each parking: two steps may be stored with the same instant. */
  readonly turn: string;
}

/**
 * Stores what was sent about each subject. The record exists from the subject's first step on.
 * `RequestStore` raises `wanted` and makes the record due in the transaction of each step.
 * `test/contracts/notice-store.contract.ts` says the same in code.
 */
export interface NoticeStore {
  /** The record, read consistently; undefined where no step was ever stored. */
  load(subject: string): Promise<NoticeRecord | undefined>;

  /**
   * Stores what was sent, under the record's revision, and counts that up. It changes neither
   * `wanted` nor when the record is due. @returns the record as stored
   * @throws NoticeConflict where another worker saved first; nothing was written
   */
  save(record: NoticeRecord): Promise<NoticeRecord>;

  /**
   * As `save`, for a message that is about to be sent and cannot be taken back. It is also refused where
   * the subject had a further step, or something else changed that its messages depend on.
   * @throws NoticeConflict also then; nothing was written
   */
  begin(record: NoticeRecord): Promise<NoticeRecord>;

  /**
   * Says when the record is to be taken up again: an instant, or null for not before the next step.
   * Does nothing where `wanted`, `looks` or the revision has moved on: then it is due already.
   * @returns whether it was parked
   */
  park(record: NoticeRecord, dueAt: string | null): Promise<boolean>;

  /**
   * Makes the record due at `now`, because something else that its messages depend on has changed.
   * It counts `looks` up, so that a worker who does not know of it cannot park the record. A
   * message that the worker has just sent is still saved: refused, it would be sent twice. Without
   * a record it does nothing.
   */
  lookAgain(subject: string, now: string): Promise<void>;

  /** Up to `limit` subjects whose notices are due at `now`, longest due first. It may lag behind. */
  due(now: string, limit: number): Promise<readonly DueNotices[]>;
}

/** Another worker saved this record first. */
export class NoticeConflict extends Error {
  override readonly name = "NoticeConflict";
}
