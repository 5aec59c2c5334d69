/**
 * Makes the messages about one subject show its present state. Like converge, it is level-triggered: it reads which
 * messages should exist and which were sent, and sends the difference.
 */
import { NOTICE_WAIT_SECONDS, type NoticeRecord } from "../../domain/notices/notice-record.ts";
import { earliest, plusSeconds, secondsBetween } from "../../domain/values/instant.ts";
import type { NotifyPorts } from "../../ports/function-ports.ts";
import { NoticeConflict } from "../../ports/notice-store.ts";
import { announceUpdates } from "./announce-updates.ts";
import { deliver } from "./deliver.ts";
import { findCopies, looksFor } from "./find-copies.ts";
import type { NotifyRun } from "./notify-run.ts";
import { publishEvents } from "./publish-events.ts";
import { publishPrompts } from "./publish-prompts.ts";
import { topicOf } from "./read-topic.ts";
import type { Topic } from "./topic.ts";

/** The work of one run, for its log and its metrics. */
export interface NotifyReport {
  readonly published: number;
  readonly delivered: number;
  /** Messages that were found to be undeliverable. */
  readonly refused: number;
  /** The age of the oldest event that is not published, in seconds; 0 if all are published. */
  readonly unpublishedSeconds: number;
  /** Whether something waits for another attempt. */
  readonly retried: boolean;
  /** How much break-glass access began, where no Slack channel reports it. Absent where there was no such begin. */
  readonly breakGlass?: number;
}

/** The work of one pass, and when there is more to do; null for not before the next step. */
interface PassResult extends NotifyReport {
  readonly record: NoticeRecord;
  readonly nextAt: string | null;
}

/** No further pass with less than this left: it could send nothing. */
const RESERVE_MS = 14_000;
/** The number of times that another worker may save first before this run leaves the work to it. */
const CONFLICTS = 3;

const NOTHING: NotifyReport = {
  published: 0,
  delivered: 0,
  refused: 0,
  unpublishedSeconds: 0,
  retried: false,
};

/** An unknown subject needs nothing. @throws the failure of a table that does not answer */
export async function notify(
  ports: NotifyPorts,
  subject: string,
  run: NotifyRun,
): Promise<NotifyReport> {
  let total = NOTHING;
  for (let conflicts = 0; conflicts < CONFLICTS; ) {
    const result = await onePass(ports, subject, run).catch(ignoreConflict);
    if (result === "conflict") {
      conflicts += 1;
      continue;
    }
    if (!result) return total;
    total = sum(total, result);
    const waitMs = waitFor(ports.clock.now(), result.nextAt);
    if (waitMs === undefined || run.millisLeft() - waitMs < RESERVE_MS) {
      const parked = await ports.notices.park(result.record, result.nextAt);
      // A step was stored meanwhile: its message may have been taken for this run's.
      if (parked || run.millisLeft() < RESERVE_MS) return total;
      continue;
    }
    await pauseForStep(ports, result.record, waitMs);
  }
  return total;
}

/** While a run waits, it looks this often whether a step was stored. */
const LOOK_MS = 1_000;

/** Waits, and no longer than until a step is stored: people see within a second that access is there. */
async function pauseForStep(
  { notices, pause }: NotifyPorts,
  { subject, wanted }: NoticeRecord,
  waitMs: number,
): Promise<void> {
  for (let leftMs = waitMs; leftMs > 0; leftMs -= LOOK_MS) {
    await pause.for(Math.min(leftMs, LOOK_MS));
    if (leftMs > LOOK_MS && (await notices.load(subject))?.wanted !== wanted) return;
  }
}

async function onePass(
  ports: NotifyPorts,
  subject: string,
  run: NotifyRun,
): Promise<PassResult | undefined> {
  // The record first: whatever is stored later raises `wanted`, and parking is refused.
  const record = await ports.notices.load(subject);
  if (!record) return undefined;
  const topic = await topicOf(ports, subject);
  const found = await findCopies(ports, record, run);
  const published = await publishEvents(ports, found, topic, run);
  const prompted = await publishPrompts(ports, published.record, topic, run);
  const plan = topic.plan(ports.clock.now(), prompted.record.sent);
  const taken = { stored: record, record: prompted.record };
  const announced = await announceUpdates(ports, taken, plan.notices, run);
  const delivered = await deliver(ports, announced, run);
  await lookAgainAt(ports, topic);
  const failed = published.failed || prompted.failed || delivered.failed;
  const kept = failed
    ? await ports.notices.save({ ...delivered.record, attempts: delivered.record.attempts + 1 })
    : delivered.record;
  const times = [
    ...delivered.deferredTo,
    ...looksFor(ports, kept),
    ...(failed ? [retryTime(ports, kept.attempts, delivered.retryAt)] : []),
    ...(plan.changesAt ? [plan.changesAt] : []),
  ];
  return {
    record: kept,
    published: published.count,
    delivered: delivered.count,
    refused: delivered.refused,
    unpublishedSeconds: published.oldestSeconds,
    retried: failed,
    ...(ports.policy.slack ? {} : glass(published.breakGlass)),
    nextAt: earliest(times) ?? null,
  };
}

/** Has the notices of other subjects looked at again that show something of this one. */
async function lookAgainAt({ notices, clock }: NotifyPorts, topic: Topic): Promise<void> {
  for (const subject of (await topic.others?.()) ?? [])
    await notices.lookAgain(subject, clock.now());
}

const FIRST_PAUSE_SECONDS = 5;
const LONGEST_PAUSE_SECONDS = 300;

/** The instant that the service named, or one after a growing pause with jitter. */
function retryTime(
  { clock, random }: NotifyPorts,
  attempts: number,
  asked: string | undefined,
): string {
  if (asked !== undefined) return asked;
  const pause = Math.min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2 ** Math.min(attempts, 10));
  return plusSeconds(clock.now(), pause * (1 / 2 + random.fraction() / 2));
}

/** The milliseconds to wait in place; undefined if it is better to park. */
function waitFor(now: string, nextAt: string | null): number | undefined {
  if (nextAt === null) return undefined;
  const seconds = secondsBetween(now, nextAt);
  return seconds > NOTICE_WAIT_SECONDS ? undefined : Math.max(0, seconds) * 1_000;
}

const sum = (a: NotifyReport, b: NotifyReport): NotifyReport => ({
  published: a.published + b.published,
  delivered: a.delivered + b.delivered,
  refused: a.refused + b.refused,
  unpublishedSeconds: b.unpublishedSeconds,
  retried: b.retried,
  ...glass((a.breakGlass ?? 0) + (b.breakGlass ?? 0)),
});

const glass = (breakGlass: number): Pick<NotifyReport, "breakGlass"> =>
  breakGlass > 0 ? { breakGlass } : {};

function ignoreConflict(error: unknown): "conflict" {
  if (error instanceof NoticeConflict) return "conflict";
  throw error;
}
