import type { IFunction } from "aws-cdk-lib/aws-lambda";
import { type AlarmKinds, reported } from "./alarm-kind.ts";

export interface OutsideAlarmsProps {
  /** Absent where access.yaml asks no service outside. */
  readonly outside?: IFunction;
}

/**
 * The alarm on what is not known outside, whatever keeps it from being known. The sweep looks at the
 * facts, because a function that does not run reports nothing.
 */
export const outsideAlarms = ({ outside }: OutsideAlarmsProps): AlarmKinds =>
  outside
    ? {
        OnCallUnknown: {
          metric: reported("sweep", "OnCallUnknown"),
          // An answer counts for five minutes, and a new schedule is looked at within one.
          periods: 3,
          description:
            "Nobody knows who is on call: a service does not say it, refuses the token or has no such schedule, or the function outside does not run. Rules that ask for it let nobody in; every other rule works, and access that is lent ends on time. Read outside's log for the cause; if it has no lines, look at its rule and its throttles.",
        },
      }
    : {};
