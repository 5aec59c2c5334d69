import type { Notice } from "../../domain/notices/notice.ts";
import {
  type Delivery,
  deliverableFrom,
  deliveriesFor,
  type NoticeRecord,
  withSent,
  withUndeliverable,
  withUnsettled,
} from "../../domain/notices/notice-record.ts";
import { earliest, plusSeconds } from "../../domain/values/instant.ts";
import type { NotifyPorts } from "../../ports/function-ports.ts";
import {
  AppRefused,
  type MessagePlace,
  type Messenger,
  MessengerBusy,
  NoticeRefused,
} from "../../ports/messenger.ts";
import type { NoticeStore } from "../../ports/notice-store.ts";
import type { NotifyRun } from "./notify-run.ts";

export interface Delivered {
  readonly record: NoticeRecord;
  readonly count: number;
  readonly refused: number;
  /** Whether something has to be tried again. */
  readonly failed: boolean;
  /** When the service asked to be tried again. */
  readonly retryAt: string | undefined;
  /** Until when messages are held for the next step. */
  readonly deferredTo: readonly string[];
}

/** No further message with less than this left: it waits and takes five seconds, its record one. */
const MESSAGE_MS = 6_000;

/**
 * Sends what is missing and updates what differs, in order of precedence. Each message is recorded before
 * the next one, so that a crash repeats one message at most and loses none.
 */
export async function deliver(
  ports: NotifyPorts,
  record: NoticeRecord,
  notices: readonly Notice[],
  run: NotifyRun,
): Promise<Delivered> {
  const { messenger } = ports;
  let done: Delivered = { ...NOTHING, record };
  if (!messenger) return done;
  const deliveries = deliveriesFor(record, notices);
  for (const [at, delivery] of deliveries.entries()) {
    const { precedence, thread } = delivery.notice;
    const above = thread === undefined ? undefined : done.record.sent[thread];
    // The message that it answers was refused, or goes in a later run.
    if (thread !== undefined && !above) continue;
    const from = deliverableFrom(delivery);
    if (run.millisLeft() < MESSAGE_MS)
      return { ...done, failed: done.failed || precedence !== "last" };
    if (from !== null && from > ports.clock.now()) {
      done = { ...done, deferredTo: [...done.deferredTo, from] };
      continue;
    }
    const startedAt = ports.clock.now();
    const outcome = await attempt(messenger, delivery, above);
    // It would refuse the others too.
    if (outcome instanceof AppRefused)
      return allRefused(ports, done, deliveries.slice(at), outcome, run);
    done = await recorded(ports, done, { ...delivery, startedAt }, outcome, run);
    // A service that does not answer would only cost this run its time.
    if (outcome instanceof MessengerBusy && outcome.retryAfterSeconds === null) return done;
  }
  return done;
}

const NOTHING = { count: 0, refused: 0, failed: false, retryAt: undefined, deferredTo: [] };

type Outcome = { readonly channel: string; readonly timestamp: string } | Failure;
type Failure = MessengerBusy | NoticeRefused | AppRefused;

const isFailure = (error: unknown): error is Failure =>
  error instanceof MessengerBusy || error instanceof NoticeRefused || error instanceof AppRefused;

/** @param above the message in whose thread it goes; undefined for a message of its own */
async function attempt(
  messenger: Messenger,
  { notice, message }: Delivery,
  above: MessagePlace | undefined,
): Promise<Outcome> {
  try {
    if (!message) return await messenger.send(notice, above);
    await messenger.update(message, notice);
    return message;
  } catch (error) {
    if (isFailure(error)) return error;
    throw error;
  }
}

/** Records why none of these messages arrived, and has them tried again. */
async function allRefused(
  { notices, clock }: NotifyPorts,
  done: Delivered,
  deliveries: readonly Delivery[],
  { reason }: AppRefused,
  run: NotifyRun,
): Promise<Delivered> {
  const at = clock.now();
  const keys = deliveries.map(({ notice }) => notice.key);
  run.log("messages wait until the app is repaired", { keys, reason });
  const all = deliveries.reduce(
    (record, { notice, hash }) =>
      withUndeliverable(record, notice.key, { reason, at, hash, isRetried: true }),
    done.record,
  );
  const record = await notices.save(all);
  return { ...done, record, refused: done.refused + deliveries.length, failed: true };
}

interface Attempt extends Delivery {
  readonly startedAt: string;
}

async function recorded(
  { notices, clock }: NotifyPorts,
  done: Delivered,
  { notice: { key, precedence }, hash, message: before, startedAt }: Attempt,
  outcome: Exclude<Outcome, AppRefused>,
  run: NotifyRun,
): Promise<Delivered> {
  const at = clock.now();
  if (outcome instanceof MessengerBusy) {
    // What was overtaken waits for the next run, whenever that is.
    if (precedence === "last") return done;
    run.log("a message waits", { key, error: outcome });
    const asked = outcome.retryAfterSeconds;
    const times = [done.retryAt, asked === null ? undefined : plusSeconds(at, asked)];
    const retryAt = earliest(times.filter((time) => time !== undefined));
    const isAnswered = asked !== null || before === undefined;
    const until = plusSeconds(at, LANDS_WITHIN_SECONDS);
    const record = isAnswered
      ? done.record
      : await savedAfterUpdate(notices, withUnsettled(done.record, key, until), key, until);
    return { ...done, record, failed: true, retryAt };
  }
  if (outcome instanceof NoticeRefused) {
    run.log("a message cannot be delivered", { key, reason: outcome.reason });
    const undeliverable = { reason: outcome.reason, at, hash };
    const record = await notices.save(withUndeliverable(done.record, key, undeliverable));
    return { ...done, record, refused: done.refused + 1 };
  }
  const { channel, timestamp } = outcome;
  const until = before?.unsettledUntil;
  const isUnsettled = until !== undefined && until > startedAt;
  const message = { channel, timestamp, at, hash, ...(isUnsettled && { unsettledUntil: until }) };
  const sent = withSent(done.record, key, message);
  const record = before ? await savedAfterUpdate(notices, sent, key, at) : await notices.save(sent);
  return { ...done, record, count: done.count + 1 };
}

/** How long after it was given up an update may still take effect, in seconds. */
const LANDS_WITHIN_SECONDS = 10;

/** How often a run tries to record that its update may have replaced a newer one. */
const REPAIRS = 5;

/**
 * Saves after an update. Where another worker saved first, this update may have replaced a newer one
 * of that worker. The message is then updated once more, from `until` on.
 */
async function savedAfterUpdate(
  notices: NoticeStore,
  record: NoticeRecord,
  key: string,
  until: string,
): Promise<NoticeRecord> {
  try {
    return await notices.save(record);
  } catch (error) {
    await saveUnsettled(notices, record, key, until);
    throw error;
  }
}

/**
 * Whoever saved first said what the message showed then. So no later run could see that it is wrong,
 * and this one tries again, whatever the table answers.
 */
async function saveUnsettled(
  notices: NoticeStore,
  { subject, revision }: NoticeRecord,
  key: string,
  until: string,
): Promise<void> {
  for (let tries = 1; ; tries += 1)
    try {
      const stored = await notices.load(subject);
      const isOvertaken = stored !== undefined && stored.revision !== revision;
      if (isOvertaken) await notices.save(withUnsettled(stored, key, until));
      return;
    } catch (error) {
      if (tries === REPAIRS) throw error;
    }
}
