/**
 * Fires schedules: each occurrence at its nominal instant plus jitter, at least once. An occurrence
 * is stored before its first attempt and removed after the last, so that a crash repeats it. An
 * occurrence that came due while the sandbox was down fires as soon as it is up.
 */
import { randomUUID } from "node:crypto";
import { reportDefect } from "../report-defect.ts";
import { LONGEST_TIMER_MS, signalOf } from "../sqs/signal.ts";
import type { Store } from "../store.ts";
import { attemptDelivery, type Deliver, type Delivery } from "./attempt.ts";
import { type Behaviour, fractionFor } from "./behaviour.ts";
import { type EngineEvent, eventOf } from "./engine-event.ts";
import { dueAt, nextOccurrence } from "./occurrence.ts";
import { type Invocation, type Schedule, type SchedulerState, scheduleKey } from "./state.ts";
import { deleteIfCompleted } from "./stored-invocation.ts";

const STORE_FAILURE_PAUSE_MS = 1000;

/** The signal of a change to a schedule, or to how well schedules keep time. */
export const SCHEDULES_CHANGED = "schedules";

export interface Engine {
  /** Looks again what is due. A raise of `SCHEDULES_CHANGED` does the same. */
  wake(): void;
  /** Fires nothing more. Deliveries under way are not taken back. */
  stop(): void;
}

interface EngineOptions {
  readonly store: Store<SchedulerState>;
  readonly deliver: Deliver;
  readonly behaviour: Readonly<Behaviour>;
  readonly log: (event: EngineEvent) => void;
  /** Whether its region is down. Then nothing fires; what came due fires once it is up, at a raise of `SCHEDULES_CHANGED`. */
  readonly isDown?: () => boolean;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

/** Starts firing. */
export function startEngine(options: EngineOptions): Engine {
  const engine = new TimedEngine(options);
  engine.wake();
  return engine;
}

class TimedEngine implements Engine {
  readonly #delivery: Delivery;
  readonly #behaviour: Readonly<Behaviour>;
  readonly #unlisten: () => void;
  readonly #isDown: () => boolean;
  /** The ids of the invocations that are being attempted. */
  readonly #running = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor({
    store,
    deliver,
    behaviour,
    log,
    isDown = () => false,
    now = Date.now,
  }: EngineOptions) {
    this.#isDown = isDown;
    this.#delivery = { store, deliver, log, now };
    this.#behaviour = behaviour;
    this.#unlisten = signalOf(store, SCHEDULES_CHANGED).listen(() => this.wake());
  }

  wake(): void {
    if (this.#stopped) return;
    clearTimeout(this.#timer);
    if (this.#isDown()) return;
    for (const schedule of this.#schedules()) this.#openIfDue(schedule);
    for (const schedule of this.#schedules()) this.#attemptWhatIsDue(schedule);
    this.#sleep();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.#unlisten();
  }

  #schedules(): readonly Schedule[] {
    return Object.values(this.#delivery.store.state.schedules);
  }

  /** Turns an occurrence that is due into invocations, and moves the schedule on to the next. */
  #openIfDue(schedule: Schedule): void {
    const { store, log, now } = this.#delivery;
    const { next } = schedule;
    const due = dueAt(schedule, this.#behaviour);
    if (next === null || due === null || due > now()) return;
    const delays = invocationDelays(schedule.seed, next, this.#behaviour);
    const at = now();
    store.change((state) => {
      const stored = state.schedules[scheduleKey(schedule.groupName, schedule.name)];
      if (stored === undefined) return;
      stored.invocations.push(...delays.map((delay) => newInvocation(next, at, delay)));
      const following = nextOccurrence(stored, at);
      stored.next = following === null ? null : new Date(following).toISOString();
      deleteIfCompleted(state, stored);
    });
    if (delays.length === 0) log(eventOf("lost", schedule, next));
  }

  #attemptWhatIsDue(schedule: Schedule): void {
    for (const invocation of schedule.invocations)
      if (Date.parse(invocation.nextAttemptAt) <= this.#delivery.now())
        this.#attempt(schedule, invocation);
  }

  #attempt(schedule: Schedule, invocation: Invocation): void {
    if (this.#running.has(invocation.id)) return;
    this.#running.add(invocation.id);
    const finish = () => {
      this.#running.delete(invocation.id);
      this.wake();
    };
    attemptDelivery(this.#delivery, schedule, invocation).then(finish, (error: unknown) => {
      // Only the store or the log can fail here. The occurrence stays stored, so that it is
      // attempted again; the pause prevents a tight loop.
      reportDefect(`an attempt of ${schedule.arn}`, error);
      setTimeout(finish, STORE_FAILURE_PAUSE_MS).unref();
    });
  }

  /** Wakes the engine at the first instant at which something is due. */
  #sleep(): void {
    const instants = this.#schedules().flatMap((schedule) => this.#instantsOf(schedule));
    if (instants.length === 0) return;
    const wait = Math.max(1, Math.ceil(Math.min(...instants) - this.#delivery.now()));
    this.#timer = setTimeout(() => this.wake(), Math.min(wait, LONGEST_TIMER_MS));
    this.#timer.unref();
  }

  #instantsOf(schedule: Schedule): readonly number[] {
    const due = dueAt(schedule, this.#behaviour);
    const attempts = schedule.invocations
      .filter(({ id }) => !this.#running.has(id))
      .map(({ nextAttemptAt }) => Date.parse(nextAttemptAt));
    return due === null ? attempts : [due, ...attempts];
  }
}

/** An occurrence's invocations by their delays in ms: none if it is lost, two if it comes twice. */
function invocationDelays(
  seed: string,
  occurrence: string,
  { lossProbability, duplicateProbability, jitterSeconds }: Readonly<Behaviour>,
): readonly number[] {
  if (fractionFor(seed, "loss", occurrence) < lossProbability) return [];
  if (fractionFor(seed, "duplicate", occurrence) >= duplicateProbability) return [0];
  return [0, fractionFor(seed, "gap", occurrence) * Math.max(1, jitterSeconds) * 1000];
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
