/** Notes a message that its medium cannot take back, before it is sent: nobody may know afterwards whether it was. */
import {
  type Delivery,
  type NoticeRecord,
  withBegun,
  withUndeliverable,
} from "../../domain/notices/notice-record.ts";
import { plusSeconds } from "../../domain/values/instant.ts";
import type { NotifyPorts } from "../../ports/function-ports.ts";
import { settledAfter } from "./announce-updates.ts";
import type { NotifyRun } from "./notify-run.ts";

/** A message without an answer is sent once more. A second copy is better than no word, and a third is not. */
const MOST_TRIES = 2;

interface Begun {
  readonly record: NoticeRecord;
  /** Whether it is not sent any more: it may have arrived, and nobody can tell. */
  readonly isGivenUp: boolean;
}

/**
 * Stores that a message is about to be sent. Nothing is noted of a message that can be changed later.
 *
 * @throws NoticeConflict where its subject has moved on, so that nobody is asked for what is settled
 */
export async function beginOnce(
  { notices, clock }: NotifyPorts,
  record: NoticeRecord,
  { notice, hash, begun }: Delivery,
  run: NotifyRun,
): Promise<Begun> {
  const { key, once } = notice;
  if (!once) return { record, isGivenUp: false };
  const at = clock.now();
  if (begun && begun.tries >= MOST_TRIES) {
    run.log("a message may have been sent twice, and is not sent again", { key });
    const lost = { reason: "answer-lost", at, hash };
    return { record: await notices.save(withUndeliverable(record, key, lost)), isGivenUp: true };
  }
  const until = settledAfter(plusSeconds(at, run.millisLeft() / 1_000));
  return { record: await notices.begin(withBegun(record, key, at, until)), isGivenUp: false };
}
