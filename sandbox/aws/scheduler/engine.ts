/**
 * Fires schedules: each occurrence at its nominal instant plus jitter, at least once. An occurrence
 * is written down before its first attempt and struck out after the last, so that after a crash it
 * is attempted again; what came due while the sandbox was down fires as soon as it is up.
 */
import { randomUUID } from "node:crypto";
import { AwsError } from "../service.ts";
import { LONGEST_TIMER_MS, signalOf } from "../sqs/signal.ts";
import type { Store } from "../store.ts";
import { type Behaviour, fractionFor } from "./behaviour.ts";
import {
  type AttemptContext,
  executionId,
  replaceKeywords,
  wholeSeconds,
} from "./context-keywords.ts";
import { dueAt, nextOccurrence } from "./occurrence.ts";
import { afterFailure, type Exhausted } from "./retry.ts";
import {
  type Invocation,
  type Schedule,
  type SchedulerState,
  scheduleKey,
  type Target,
} from "./state.ts";

const STORE_FAILURE_PAUSE_MS = 1000;

/** The signal that operations raise when they change a schedule. */
export const SCHEDULES_CHANGED = "schedules";

/** One attempt, as the target's caller sees it. */
export interface Attempt extends AttemptContext {
  /** Only on a message to a dead-letter queue: its attributes, all of type String. */
  readonly deadLetter?: Readonly<Record<string, string>>;
}

/**
 * Hands an input to a target under the target's role; to a dead-letter queue in the same way.
 * Throws what the target answered: an `AwsError` keeps its code in the dead letter.
 */
export type Deliver = (
  target: Pick<Target, "Arn" | "RoleArn" | "SqsParameters">,
  input: string,
  attempt: Attempt,
) => void | Promise<void>;

/** What the engine did, for a log. */
export interface EngineEvent {
  readonly event:
    | "delivered"
    | "attempt-failed"
    | "lost"
    | "dead-lettered"
    | "dead-letter-failed"
    | "dropped";
  readonly scheduleArn: string;
  readonly targetArn: string;
  readonly scheduledTime: string;
  readonly attempt?: number;
  readonly errorCode?: string;
  readonly errorMessage?: string;
}

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
export function startEngine(options: {
  readonly store: Store<SchedulerState>;
  readonly deliver: Deliver;
  readonly behaviour: Readonly<Behaviour>;
  readonly log: (event: EngineEvent) => void;
  readonly now?: () => number;
}): Engine {
  const { store, deliver, behaviour, log } = options;
  const now = options.now ?? Date.now;
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
    attempt(schedule, invocation).then(again, (error: unknown) => {
      // Only the store or the log can fail here. The occurrence stays written down, and is tried
      // again, but not in a loop without a pause.
      console.error(`Scheduler could not finish an attempt of ${schedule.arn}:`, error);
      setTimeout(again, STORE_FAILURE_PAUSE_MS).unref();
    });
  };

  const attempt = async (schedule: Schedule, { id, scheduledTime, dueAt: due }: Invocation) => {
    const { Target: target } = schedule.settings;
    const number = change(schedule, id, (invocation) => {
      invocation.attempts += 1;
      return invocation.attempts;
    });
    if (number === undefined) return;
    const context: AttemptContext = {
      scheduleArn: schedule.arn,
      scheduledTime: wholeSeconds(scheduledTime),
      executionId: executionId(schedule.seed, scheduledTime, number),
      number,
    };
    const input = replaceKeywords(target.Input ?? "", context);
    try {
      await deliver(target, input, context);
    } catch (error) {
      const failure = failureOf(error);
      log({ ...eventOf("attempt-failed", schedule, scheduledTime), attempt: number, ...failure });
      const outcome = afterFailure(target.RetryPolicy, number, Date.parse(due), now());
      if ("retryAt" in outcome) {
        change(schedule, id, (invocation) => {
          invocation.nextAttemptAt = new Date(outcome.retryAt).toISOString();
        });
        return;
      }
      await giveUp(schedule, input, context, failure, outcome.exhausted);
      settle(schedule, id);
      return;
    }
    log({ ...eventOf("delivered", schedule, scheduledTime), attempt: number });
    settle(schedule, id);
  };

  /** To the dead-letter queue if there is one; a queue that refuses gets no second try. */
  const giveUp = async (
    schedule: Schedule,
    input: string,
    context: AttemptContext,
    failure: Failure,
    exhausted: Exhausted,
  ) => {
    const { Target: target } = schedule.settings;
    const about = { attempt: context.number, ...failure };
    if (target.DeadLetterConfig === undefined) {
      log({ ...eventOf("dropped", schedule, context.scheduledTime), ...about });
      return;
    }
    try {
      await deliver({ Arn: target.DeadLetterConfig.Arn, RoleArn: target.RoleArn }, input, {
        ...context,
        deadLetter: deadLetterAttributes(target, context, failure, exhausted),
      });
      log({ ...eventOf("dead-lettered", schedule, context.scheduledTime), ...about });
    } catch (error) {
      log({
        ...eventOf("dead-letter-failed", schedule, context.scheduledTime),
        attempt: context.number,
        ...failureOf(error),
      });
    }
  };

  /** Changes an invocation; undefined if its schedule was deleted or replaced meanwhile. */
  const change = <Result>(
    { groupName, name }: Schedule,
    id: string,
    mutate: (invocation: Invocation) => Result,
  ): Result | undefined => {
    const find = (state: SchedulerState) =>
      state.schedules[scheduleKey(groupName, name)]?.invocations.find((each) => each.id === id);
    if (find(store.state) === undefined) return undefined;
    return store.change((state) => {
      const invocation = find(state);
      return invocation === undefined ? undefined : mutate(invocation);
    });
  };

  const settle = (schedule: Schedule, id: string) => {
    store.change((state) => {
      const stored = state.schedules[scheduleKey(schedule.groupName, schedule.name)];
      if (stored === undefined || !stored.invocations.some((each) => each.id === id)) return;
      stored.invocations = stored.invocations.filter((each) => each.id !== id);
      deleteIfCompleted(state, stored);
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

interface Failure {
  readonly errorCode: string;
  readonly errorMessage: string;
}

function failureOf(error: unknown): Failure {
  if (error instanceof AwsError) return { errorCode: error.code, errorMessage: error.message };
  return error instanceof Error
    ? { errorCode: error.name, errorMessage: error.message }
    : { errorCode: "UnknownError", errorMessage: String(error) };
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

/** Over means: it had its last occurrence, and every attempt at it is settled. */
function deleteIfCompleted(state: SchedulerState, schedule: Schedule): void {
  if (schedule.next !== null || schedule.invocations.length > 0) return;
  if (schedule.settings.ActionAfterCompletion === "DELETE")
    delete state.schedules[scheduleKey(schedule.groupName, schedule.name)];
}

/** Source: Scheduler User Guide, "Configuring a dead-letter queue", its example event. */
function deadLetterAttributes(
  target: Target,
  context: AttemptContext,
  failure: Failure,
  exhausted: Exhausted,
): Readonly<Record<string, string>> {
  return {
    ERROR_CODE: failure.errorCode,
    ERROR_MESSAGE: failure.errorMessage,
    EXECUTION_ID: context.executionId,
    EXHAUSTED_RETRY_CONDITION: exhausted,
    IS_PAYLOAD_TRUNCATED: "false",
    RETRY_ATTEMPTS: String(context.number - 1),
    SCHEDULED_TIME: context.scheduledTime,
    SCHEDULE_ARN: context.scheduleArn,
    TARGET_ARN: target.Arn,
  };
}

function eventOf(event: EngineEvent["event"], schedule: Schedule, scheduledTime: string) {
  return {
    event,
    scheduleArn: schedule.arn,
    targetArn: schedule.settings.Target.Arn,
    scheduledTime,
  };
}
