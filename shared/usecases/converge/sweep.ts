import { latestTurn, placesSince, turnAt } from "../../domain/entries/drift-turn.ts";
import { NOTICE_WAIT_SECONDS } from "../../domain/notices/notice-record.ts";
import { BrokerError } from "../../domain/values/errors.ts";
import { floorTo, plusSeconds } from "../../domain/values/instant.ts";
import type { DueItem } from "../../ports/binding-store.ts";
import { clusterSubject } from "../../ports/converge-queue.ts";
import type { SweepPorts } from "../../ports/function-ports.ts";
import { lapseIfDue } from "../requests/change-request.ts";
import { rememberTurns, type Sent, type SweepMemory } from "./sweep-memory.ts";

/** The work of one sweep, for the log. */
export interface SweepReport {
  /** Bindings sent to converge, by the kind of work that was due. */
  readonly removals: number;
  readonly confirmations: number;
  readonly additions: number;
  /** If there are as many as the limit allows, drift checks are late. */
  readonly driftChecks: number;
  readonly lapsed: number;
  /** Requests and findings for which it woke notify. */
  readonly notices: number;
  /** Items that failed. They stay due for the next sweep. */
  readonly failed: number;
  /** The number of messages that waited before this sweep sent any; null if the queue did not answer. */
  readonly backlog: number | null;
}

/** The order of sending. Each row is sent only after the one before. */
const ORDER: readonly (readonly DueItem["kind"][])[] = [
  ["removal"],
  ["confirmation"],
  ["addition", "lapse"],
  ["drift-check"],
];

/** While messages wait, a sweep sends this many drift checks in turn, and this many that have a time. */
const CHECKS_WITH_BACKLOG = 10;

/**
 * Finds what is due: sends bindings to converge, and lapses requests that nobody decided in time.
 * One failed item does not affect the others. While messages wait, few drift checks are sent:
 * groups of a FIFO queue may overtake each other, so an end could otherwise wait behind many. Without any,
 * whoever may send to the queue could keep changes by others from being found.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/FIFO-queues-understanding-logic.html
 */
export async function sweep(ports: SweepPorts, memory: SweepMemory): Promise<SweepReport> {
  const now = ports.clock.now();
  const driftTurn = turnAt(now, ports.settings.driftCheckSeconds);
  const turns = placesSince(memory.lastTurn, driftTurn);
  // Without an answer all drift checks are sent.
  const backlog = await ports.queue.backlog().catch(() => null);
  const found = await ports.bindings.due(now, ports.settings.sweepLimit, turns);
  const due = backlog ? withFewChecks(found) : found;
  const items: Sent[] = [];
  for (const kinds of ORDER)
    items.push(
      ...(await sendEach(
        ports,
        due.filter(({ kind }) => kinds.includes(kind)),
        now,
      )),
    );
  rememberTurns(memory, driftTurn, items);
  const notices = await wakeNotify(ports, now);
  const others = notices.failed + failures(await askAboutClusters(ports, now));
  const count = (...kinds: readonly DueItem["kind"][]) =>
    items.filter(({ item, isSent }) => isSent && kinds.includes(item.kind)).length;
  return {
    removals: count("removal"),
    confirmations: count("confirmation"),
    additions: count("addition"),
    driftChecks: count("drift-check"),
    lapsed: count("lapse"),
    notices: notices.woken,
    failed: others + items.filter(({ isSent }) => !isSent).length,
    backlog,
  };
}

/** Leaves the first drift checks of each kind. The next sweep goes on behind those in turn. */
function withFewChecks(found: readonly DueItem[]): readonly DueItem[] {
  const checks = found.filter((item) => item.kind === "drift-check");
  const few: readonly DueItem[] = [true, false].flatMap((isTurn) =>
    checks.filter((check) => check.isTurn === isTurn).slice(0, CHECKS_WITH_BACKLOG),
  );
  return found.filter((item) => item.kind !== "drift-check" || few.includes(item));
}

/** Deals with each item. One that fails does not affect the others. */
async function sendEach(
  ports: SweepPorts,
  items: readonly DueItem[],
  now: string,
): Promise<readonly Sent[]> {
  const results = await Promise.allSettled(items.map((item) => dealWith(ports, item, now)));
  return items.map((item, at) => ({ item, isSent: results[at]?.status === "fulfilled" }));
}

const failures = (results: readonly PromiseSettledResult<unknown>[]): number =>
  results.filter(({ status }) => status === "rejected").length;

function dealWith(ports: SweepPorts, item: DueItem, now: string): Promise<void> {
  if (item.kind === "lapse") return lapse(ports, item.requestId, now);
  if (item.kind === "drift-check" && item.isTurn) {
    const { round } = latestTurn(item.binding, turnAt(now, ports.settings.driftCheckSeconds));
    return ports.queue.sendOnce(item.binding, item.kind, `round ${round}`);
  }
  // Half a period, because the rule fires some seconds early or late. Sweeps of two consecutive
  // minutes are then two turns, and a repeated sweep is the same turn.
  const turn = floorTo(now, ports.settings.sweepPeriodSeconds / 2);
  const cause = item.kind === "drift-check" ? "drift-check" : "sweep";
  return ports.queue.sendOnce(item.binding, cause, turn);
}

/**
 * The messages of how many requests and findings one sweep takes care of at most. It is more than Slack
 * takes in a minute: messages that newer ones have overtaken must keep no other from its turn.
 */
const NOTICES_AT_ONCE = 250;

/**
 * Sends due subjects to notify: after every end, so that no message delays one. The turn of a subject is since when
 * it is due, and by which step. The queue then drops repeats while its message still waits. Otherwise each sweep would
 * put the same subjects before those that become due later. The next item that notify stores is another turn. So is
 * a subject that may not be due yet by notify's clock, which may be behind this one: notify may find nothing to do.
 */
async function wakeNotify({ notices, notifyQueue, settings }: SweepPorts, now: string) {
  const soon = plusSeconds(now, NOTICE_WAIT_SECONDS);
  const certain = plusSeconds(now, -settings.clockDifferenceSeconds);
  const listed = await Promise.allSettled([notices.due(soon, NOTICES_AT_ONCE)]);
  const due = listed.flatMap((list) => (list.status === "fulfilled" ? list.value : []));
  const woken = await Promise.allSettled(
    due.map(({ subject, dueAt, turn }) =>
      notifyQueue.wakeOnce(subject, dueAt <= certain ? turn : `soon ${turn}`),
    ),
  );
  return { woken: woken.length - failures(woken), failed: failures(listed) + failures(woken) };
}

/** Has every cluster checked from time to time. The queue drops repeats within one turn. */
function askAboutClusters({ policy, queue, settings }: SweepPorts, now: string) {
  const turn = floorTo(now, settings.clusterCheckSeconds);
  const names = Object.entries(policy.clusters).flatMap(([name, { retired }]) =>
    retired ? [] : name,
  );
  return Promise.allSettled(
    names.map((name) => queue.sendOnce(clusterSubject(name), "cluster-check", turn)),
  );
}

async function lapse(ports: SweepPorts, id: string, now: string): Promise<void> {
  const step = lapseIfDue(ports, await ports.requests.load(id), now);
  if (!step) return;
  await ports.requests.save(step).catch((error) => {
    // Someone decided at the last moment, so the request does not lapse.
    if (!(error instanceof BrokerError && error.code === "version-conflict")) throw error;
  });
}
