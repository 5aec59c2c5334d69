import { withMarked, withoutMark } from "../../domain/notices/marked-messages.ts";
import { mediumOf, type Precedence } from "../../domain/notices/notice.ts";
import {
  type Delivery,
  type NoticeRecord,
  withoutBegun,
  withUndeliverable,
  withUnsettled,
} from "../../domain/notices/notice-record.ts";
import { nextTry } from "../../domain/notices/tried-again.ts";
import { MEDIA } from "../../domain/policy/policy.ts";
import { earliest, latest, plusSeconds } from "../../domain/values/instant.ts";
import type { NotifyPorts } from "../../ports/function-ports.ts";
import {
  AppRefused,
  type MessagePlace,
  type Messenger,
  MessengerBusy,
  NoticeRefused,
  type Sender,
} from "../../ports/messenger.ts";
import { type Announced, settledAfter } from "./announce-updates.ts";
import { beginOnce } from "./begin-once.ts";
import type { NotifyRun } from "./notify-run.ts";
import { savedAsSent } from "./save-sent.ts";
import { senderFor } from "./senders.ts";

export interface Delivered {
  readonly record: NoticeRecord;
  readonly count: number;
  readonly refused: number;
  /** Whether something has to be tried again. */
  readonly failed: boolean;
  /** When the service asked to be tried again. */
  readonly retryAt: string | undefined;
  /** When messages that are held, or were overtaken, may be tried again. */
  readonly deferredTo: readonly string[];
}

/** No further message with less than this left: it waits for four seconds and takes eight, its record one. */
const MESSAGE_MS = 13_000;

/**
 * Sends missing messages and updates outdated ones, in order of precedence. Each message is recorded before the
 * next one, so that a crash repeats one message at most and loses nothing.
 */
export async function deliver(
  ports: NotifyPorts,
  { record, deliveries, deferredTo }: Announced,
  run: NotifyRun,
): Promise<Delivered> {
  let done: Delivered = { ...NOTHING, record, deferredTo };
  // One medium after the other: what one of them refuses holds up no other.
  for (const medium of MEDIA) {
    const own = deliveries.filter(({ notice }) => mediumOf(notice.audience) === medium);
    const messenger = senderFor(ports, medium);
    if (messenger) done = await deliverBy(messenger, ports, done, own, run);
  }
  return done;
}

async function deliverBy(
  messenger: Messenger | Sender,
  ports: NotifyPorts,
  before: Delivered,
  deliveries: readonly Delivery[],
  run: NotifyRun,
): Promise<Delivered> {
  let done = before;
  for (const [at, delivery] of deliveries.entries()) {
    const { precedence, thread } = delivery.notice;
    const above = thread === undefined ? undefined : done.record.sent[thread];
    // The message that it answers was refused, or goes in a later run.
    if (thread !== undefined && !above) continue;
    const left = deliveries.slice(at);
    if (run.millisLeft() < MESSAGE_MS) return leftOver(ports, withdrawn(done, left), precedence);
    const begun = await beginOnce(ports, done.record, delivery, run);
    done = { ...done, record: begun.record };
    if (begun.isGivenUp) {
      done = { ...done, refused: done.refused + 1 };
      continue;
    }
    const startedAt = ports.clock.now();
    const outcome = await attempt(messenger, delivery, above);
    // It would refuse the others too.
    if (outcome instanceof AppRefused)
      return allRefused(ports, withdrawn(done, left), left, outcome, run);
    done = await recorded(ports, done, { ...delivery, startedAt }, outcome, run);
    // A service that does not answer would only cost this run its time.
    if (outcome instanceof MessengerBusy && outcome.retryAfterSeconds === null)
      return withdrawn(done, left.slice(1));
    // It counts all e-mail together.
    if (outcome instanceof MessengerBusy && delivery.notice.once) return done;
  }
  return done;
}

/** The pause of a message for which this run has no time. An overtaken message waits longer. */
const leftOver = (ports: NotifyPorts, done: Delivered, precedence: Precedence): Delivered =>
  precedence === "last" ? overtaken(ports, done) : { ...done, failed: true };

/** A message that newer ones have overtaken waits one to three times this long. */
const OVERTAKEN_SECONDS = 60;

/** Has an overtaken message tried again, after `asked` seconds more. It is no failure, and must not add to a crowd. */
function overtaken({ clock, random }: NotifyPorts, done: Delivered, asked = 0): Delivered {
  const pause = OVERTAKEN_SECONDS * (1 + 2 * random.fraction());
  return { ...done, deferredTo: [...done.deferredTo, plusSeconds(clock.now(), pause + asked)] };
}

const NOTHING = { count: 0, refused: 0, failed: false, retryAt: undefined };

/** An announced update that has no effect any more leaves its message as it was before. */
const withdrawn = (done: Delivered, deliveries: readonly Delivery[]): Delivered => ({
  ...done,
  record: deliveries.reduce(
    (record, { notice: { key }, message, mark }) =>
      withoutMark(withUnsettled(record, key, message?.unsettledUntil), key, mark),
    done.record,
  ),
});

type Outcome = { readonly channel: string; readonly timestamp: string } | Failure;
type Failure = MessengerBusy | NoticeRefused | AppRefused;

const isFailure = (error: unknown): error is Failure =>
  error instanceof MessengerBusy || error instanceof NoticeRefused || error instanceof AppRefused;

/** @param above the message in whose thread it goes; undefined for a message of its own */
async function attempt(
  messenger: Messenger | Sender,
  { notice, message, mark }: Delivery,
  above: MessagePlace | undefined,
): Promise<Outcome> {
  try {
    if (!message) return await messenger.send(notice, above, mark);
    if ("update" in messenger) await messenger.update(message, notice);
    return message;
  } catch (error) {
    if (isFailure(error)) return error;
    throw error;
  }
}

/** Records why these messages did not arrive, and has them tried again. */
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

type Attempt = Delivery & { readonly startedAt: string };

async function recorded(
  ports: NotifyPorts,
  before: Delivered,
  attempted: Attempt,
  outcome: Exclude<Outcome, AppRefused>,
  run: NotifyRun,
): Promise<Delivered> {
  const { notices, clock } = ports;
  const { key, precedence } = attempted.notice;
  const at = clock.now();
  if (outcome instanceof MessengerBusy) {
    const done = busy(before, attempted, outcome, at);
    const asked = outcome.retryAfterSeconds;
    if (precedence === "last") return overtaken(ports, done, asked ?? undefined);
    run.log("a message waits", { key, error: outcome });
    const times = [done.retryAt, asked === null ? undefined : plusSeconds(at, asked)];
    const retryAt = earliest(times.filter((time) => time !== undefined));
    return { ...done, failed: true, retryAt };
  }
  const { hash, message, startedAt } = attempted;
  const done = withdrawn(before, [attempted]);
  if (outcome instanceof NoticeRefused) return refused(ports, done, attempted, outcome, run);
  const { channel, timestamp } = outcome;
  const until = message?.unsettledUntil;
  const isUnsettled = until !== undefined && until > startedAt;
  const shown = { channel, timestamp, at, hash, ...(isUnsettled && { unsettledUntil: until }) };
  const record = await savedAsSent(notices, done.record, key, shown);
  const deferredTo = isUnsettled ? [...done.deferredTo, until] : done.deferredTo;
  return { ...done, record, count: done.count + 1, deferredTo };
}

/** A first message that somebody may repair is tried again while it asks for a decision. */
async function refused(
  { notices, clock }: NotifyPorts,
  done: Delivered,
  attempted: Attempt,
  { reason, isRepairable }: NoticeRefused,
  run: NotifyRun,
): Promise<Delivered> {
  const { key } = attempted.notice;
  const at = clock.now();
  const next = isRepairable ? nextTry(attempted, done.record.undeliverable[key], at) : {};
  run.log("a message cannot be delivered", { key, reason, ...next });
  const undeliverable = { reason, at, hash: attempted.hash, ...next };
  const record = await notices.save(withUndeliverable(done.record, key, undeliverable));
  const deferredTo = next.nextAt ? [...done.deferredTo, next.nextAt] : done.deferredTo;
  return { ...done, record, refused: done.refused + 1, deferredTo };
}

/** Slack mostly reports a message within this time. A message that it reports later is taken away as a copy. */
const TOLD_WITHIN_SECONDS = 5;

/** A call without an answer may still take effect. The next save stores until when. A note of a message stays. */
function busy(
  done: Delivered,
  attempted: Attempt,
  { retryAfterSeconds }: MessengerBusy,
  at: string,
): Delivered {
  const { notice, message, mark, startedAt } = attempted;
  if (retryAfterSeconds !== null) {
    const record = withoutBegun(done.record, notice.key);
    return withdrawn({ ...done, record }, [attempted]);
  }
  if (mark !== undefined) {
    const unknown = { mark, at: startedAt, until: plusSeconds(at, TOLD_WITHIN_SECONDS) };
    return { ...done, record: withMarked(done.record, notice.key, unknown) };
  }
  if (message === undefined) return withdrawn(done, [attempted]);
  const times = [settledAfter(at), ...(message.unsettledUntil ? [message.unsettledUntil] : [])];
  return { ...done, record: withUnsettled(done.record, notice.key, latest(times)) };
}
