/** The states of alarms, and what they did. Nothing is kept: a sandbox that starts again has forgotten it. */
import { accountOf } from "../accounts.ts";
import type { DeclaredAlarm } from "./declared-alarm.ts";

export const STATES = ["OK", "ALARM", "INSUFFICIENT_DATA"] as const;
export type AlarmState = (typeof STATES)[number];

interface HistoryItem {
  readonly name: string;
  readonly account: string;
  readonly kind: "StateUpdate" | "Action";
  readonly summary: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** An alarm that somebody made, and no stack. */
interface MadeAlarm extends DeclaredAlarm {
  /** Milliseconds since 1970. */
  readonly madeAt: number;
}

export interface AlarmStates {
  readonly made: Map<string, MadeAlarm>;
  readonly history: HistoryItem[];
  stateOf(alarm: DeclaredAlarm, at: number): AlarmState;
  /** Changes the state, and carries out the actions of the new one. */
  set(alarm: DeclaredAlarm, state: AlarmState, at: number): void;
}

/** CloudWatch evaluates at the latest after a period, and the state is then the metric's again. */
const EVALUATED_MINUTES = 1;

/**
 * The sandbox has no metrics. An alarm of a stack has no state of its own, and one that somebody made sees missing data.
 *
 * @param minuteSeconds how long a minute of an alarm's period lasts
 * @param accounts whose topics there are
 */
export function alarmStates(minuteSeconds: number, accounts: readonly string[]): AlarmStates {
  const given = new Map<string, { readonly state: AlarmState; readonly at: number }>();
  const made = new Map<string, MadeAlarm>();
  const history: HistoryItem[] = [];
  const minuteMs = minuteSeconds * 1_000;
  const stateOf = (alarm: DeclaredAlarm, at: number): AlarmState => {
    const set = given.get(alarm.arn);
    if (set && at - set.at < EVALUATED_MINUTES * minuteMs) return set.state;
    const own = made.get(alarm.arn);
    return own && at - own.madeAt >= evaluationMs(own, minuteMs)
      ? withoutData(own)
      : "INSUFFICIENT_DATA";
  };
  return {
    made,
    history,
    stateOf,
    set(alarm, state, at) {
      const before = stateOf(alarm, at);
      given.set(alarm.arn, { state, at });
      // A state that it has already is no transition, and without one there is no action.
      if (before === state) return;
      const entry = { name: alarm.name, account: accountOf(alarm.arn), at };
      const summary = `Alarm updated from ${before} to ${state}`;
      history.push({ ...entry, kind: "StateUpdate", summary });
      for (const topic of actionsOf(alarm, state))
        history.push({ ...entry, kind: "Action", summary: carriedOut(topic, accounts) });
    },
  };
}

const actionsOf = (
  { actionsEnabled, alarmActions, okActions }: DeclaredAlarm,
  state: AlarmState,
): readonly string[] => {
  if (!actionsEnabled || state === "INSUFFICIENT_DATA") return [];
  return state === "ALARM" ? alarmActions : okActions;
};

/** Observed: the summaries that CloudWatch's console shows. The sandbox has every topic of its accounts. */
const carriedOut = (topic: string, accounts: readonly string[]): string =>
  accounts.includes(accountOf(topic))
    ? `Successfully executed action ${topic}`
    : `Failed to execute action ${topic}. Received error: "Resource: ${topic} does not exist"`;

const evaluationMs = ({ settings }: MadeAlarm, minuteMs: number): number =>
  (Number(settings["Period"]) / 60) * Number(settings["EvaluationPeriods"]) * minuteMs;

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html */
const withoutData = ({ settings }: MadeAlarm): AlarmState => {
  const treated = settings["TreatMissingData"];
  if (treated === "breaching") return "ALARM";
  return treated === "notBreaching" ? "OK" : "INSUFFICIENT_DATA";
};
