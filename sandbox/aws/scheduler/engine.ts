/**
 * Fires schedules: each occurrence at its nominal instant plus jitter, at least once. An occurrence
 * is written down before its first attempt and struck out after the last, so that after a crash it
 * is attempted again; what came due while the sandbox was down fires as soon as it is up.
 */
import { randomUUID } from "node:crypto";
import { LONGEST_TIMER_MS, signalOf } from "../sqs/signal.ts";
import type { Store } from "../store.ts";
import { attemptDelivery, type Deliver } from "./attempt.ts";
import { type Behaviour, fractionFor } from "./behaviour.ts";
import { type EngineEvent, eventOf } from "./engine-event.ts";
import { dueAt, nextOccurrence } from "./occurrence.ts";
import { type Invocation, type Schedule, type SchedulerState, scheduleKey } from "./state.ts";
import { deleteIfCompleted } from "./stored-invocation.ts";

const STORE_FAILURE_PAUSE_MS = 1000;

/** The signal that operations raise when they change a schedule. */
export const SCHEDULES_CHANGED = "schedules";

export interface Engine {
  /** Looks again what is due. Needed after a change of `behaviour`; calls to the API do it. */
  wake(): void;
  /** Fires nothing more. Deliveries under way are not taken back. */
  stop(): void;
}

/**
 * Starts firing.
 *
 * @param options.now milliseconds since 1970
 */
// biome-ignore lint/complexity/noExcessiveLinesPerFunction: one closure over the timer and what is running; each step in it is short.
export function startEngine(options: {
  readonly store: Store<SchedulerState>;
  readonly deliver: Deliver;
  readonly behaviour: Readonly<Behaviour>;
  readonly log: (event: EngineEvent) => void;
  readonly now?: () => number;
}): Engine {
  const { store, deliver, behaviour, log } = options;
  const now = options.now ?? Date.now;
  const delivery = { store, deliver, log, now };
  const running = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  const wake = () => {
    if (stopped) return;
    clearTimeout(timer);
    for (const schedule of Object.values(store.state.schedules)) {
      const due = dueAt(schedule, behaviour);
      if (due !== null && due <= now()) open(schedule);
    }
    for (const schedule of Object.values(store.state.schedules)) {
      for (const invocation of schedule.invocations) {
        if (Date.parse(invocation.nextAttemptAt) <= now()) start(schedule, invocation);
      }
    }
    const instants = Object.values(store.state.schedules)
      .flatMap((schedule) => [
        dueAt(schedule, behaviour),
        ...schedule.invocations.map(({ id, nextAttemptAt }) =>
          running.has(id) ? null : Date.parse(nextAttemptAt),
        ),
      ])
      .filter((instant) => instant !== null);
    if (instants.length === 0) return;
    const wait = Math.max(1, Math.ceil(Math.min(...instants) - now()));
    timer = setTimeout(wake, Math.min(wait, LONGEST_TIMER_MS));
    timer.unref();
  };

  /** Turns the next occurrence into invocations: none if lost, two if it comes twice. */
  const open = (schedule: Schedule) => {
    const { seed, next } = schedule;
    if (next === null) return;
    const lost = fractionFor(seed, "loss", next) < behaviour.lossProbability;
    const twice = fractionFor(seed, "duplicate", next) < behaviour.duplicateProbability;
    const gapMs = fractionFor(seed, "gap", next) * Math.max(1, behaviour.jitterSeconds) * 1000;
    const delays = lost ? [] : twice ? [0, gapMs] : [0];
    const at = now();
    store.change((state) => {
      const stored = state.schedules[scheduleKey(schedule.groupName, schedule.name)];
      if (stored === undefined) return;
      stored.invocations.push(...delays.map((delay) => newInvocation(next, at, delay)));
      const following = nextOccurrence(stored, at);
      stored.next = following === null ? null : new Date(following).toISOString();
      deleteIfCompleted(state, stored);
    });
    if (lost) log(eventOf("lost", schedule, next));
  };

  const start = (schedule: Schedule, invocation: Invocation) => {
    if (running.has(invocation.id)) return;
    running.add(invocation.id);
    const again = () => {
      running.delete(invocation.id);
      wake();
    };
    attemptDelivery(delivery, schedule, invocation).then(again, (error: unknown) => {
      // Only the store or the log can fail here. The occurrence stays written down, and is tried
      // again, but not in a loop without a pause.
      console.error(`Scheduler could not finish an attempt of ${schedule.arn}:`, error);
      setTimeout(again, STORE_FAILURE_PAUSE_MS).unref();
    });
  };

  const unlisten = signalOf(store, SCHEDULES_CHANGED).listen(wake);
  wake();
  return {
    wake,
    stop() {
      stopped = true;
      clearTimeout(timer);
      unlisten();
    },
  };
}

function newInvocation(scheduledTime: string, at: number, delayMs: number): Invocation {
  return {
    id: randomUUID(),
    scheduledTime,
    dueAt: new Date(at).toISOString(),
    attempts: 0,
    nextAttemptAt: new Date(at + delayMs).toISOString(),
  };
}
