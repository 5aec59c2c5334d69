/** One attempt to deliver what is due to a schedule's target. */

import { AwsError } from "../service.ts";
import type { Store } from "../store.ts";
import {
  type AttemptContext,
  executionId,
  replaceKeywords,
  wholeSeconds,
} from "./context-keywords.ts";
import { type EngineEvent, eventOf } from "./engine-event.ts";
import { afterFailure, type Exhausted } from "./retry.ts";
import type { Invocation, Schedule, SchedulerState, Target } from "./state.ts";
import { changeInvocation, settleInvocation } from "./stored-invocation.ts";

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

/** The context of attempts. */
export interface Delivery {
  readonly store: Store<SchedulerState>;
  readonly deliver: Deliver;
  readonly log: (event: EngineEvent) => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Makes one attempt of an invocation: delivers it, or notes when to retry, or gives it up. */
export async function attemptDelivery(
  engine: Delivery,
  schedule: Schedule,
  { id, scheduledTime, dueAt: due }: Invocation,
): Promise<void> {
  const { store, deliver, log, now } = engine;
  const { Target: target } = schedule.settings;
  const number = changeInvocation(store, schedule, id, (invocation) => {
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
      changeInvocation(store, schedule, id, (invocation) => {
        invocation.nextAttemptAt = new Date(outcome.retryAt).toISOString();
      });
      return;
    }
    await giveUp(engine, schedule, input, context, failure, outcome.exhausted);
    settleInvocation(store, schedule, id);
    return;
  }
  log({ ...eventOf("delivered", schedule, scheduledTime), attempt: number });
  settleInvocation(store, schedule, id);
}

/** Sends to the dead-letter queue if there is one. If the queue refuses, there is no retry. */
async function giveUp(
  { deliver, log }: Delivery,
  schedule: Schedule,
  input: string,
  context: AttemptContext,
  failure: Failure,
  exhausted: Exhausted,
): Promise<void> {
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
}

/** Why an attempt failed. */
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
