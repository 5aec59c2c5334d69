/** An event of the engine, for a log. */
import type { Schedule } from "./state.ts";

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

export function eventOf(event: EngineEvent["event"], schedule: Schedule, scheduledTime: string) {
  return {
    event,
    scheduleArn: schedule.arn,
    targetArn: schedule.settings.Target.Arn,
    scheduledTime,
  };
}
