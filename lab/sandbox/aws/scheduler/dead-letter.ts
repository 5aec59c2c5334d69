/** The facts of an exhausted attempt in a dead-letter queue. */
import { AwsError } from "../service.ts";
import type { AttemptContext } from "./context-keywords.ts";
import type { Exhausted } from "./retry.ts";
import type { Target } from "./state.ts";

/** Why an attempt failed. */
export interface Failure {
  readonly errorCode: string;
  readonly errorMessage: string;
}

export function failureOf(error: unknown): Failure {
  if (error instanceof AwsError) return { errorCode: error.code, errorMessage: error.message };
  return error instanceof Error
    ? { errorCode: error.name, errorMessage: error.message }
    : { errorCode: "UnknownError", errorMessage: String(error) };
}

/** Source: Scheduler User Guide, "Configuring a dead-letter queue", its example event. */
export function deadLetterAttributes(
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
