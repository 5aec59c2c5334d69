/**
 * Finds the intent that explains an event. An intended call explains one event that changed something: the one that
 * sets exactly what was intended, in the same session and time. One that adds access explains none once the grants that it
 * served have ended.
 */
import { sameSet } from "../../values/element-set.ts";
import { type EvidenceTimes, happenedWithin, isAfterEnd } from "../evidence-times.ts";
import {
  changeOf,
  type EntryOperation,
  type TrailEvent,
  wasRefused,
} from "../trail/trail-event.ts";
import type { CallIntent, IntendedCall } from "./call-intent.ts";
import type { RecordedCall } from "./recorded-call.ts";

/** A call that was made: by its record, or by CloudTrail's event. */
export interface MadeCall {
  readonly eksRequestId: string | null;
  readonly sessionName: string | null;
  readonly operation: EntryOperation;
  /** CloudTrail shows no parameters, as the call failed before EKS read them. It may be about any entry. */
  readonly isUnread?: boolean;
  readonly clusterArn: string | null;
  readonly principalArn: string | null;
  readonly target: string | null;
  readonly elements: RecordedCall["elements"];
  /** `ok`, or the name of the error. */
  readonly result: string;
  /** Ids of the requests that it served, where the call is on record. CloudTrail does not show them. */
  readonly requestIds?: readonly string[];
  /** ISO 8601 UTC. */
  readonly at: string;
}

/** The call of an event, as far as CloudTrail shows it. */
export const madeCall = (event: TrailEvent): MadeCall => ({
  eksRequestId: event.eksRequestId,
  sessionName: event.caller.sessionName,
  operation: event.operation,
  isUnread: event.clusterArn === null && event.errorCode !== null,
  clusterArn: event.clusterArn,
  principalArn: event.principalArn,
  ...changeOf(event),
  result: event.errorCode ?? "ok",
  at: event.eventTime,
});

/** Facts about an intent's calls, besides the intents. */
export interface IntentFacts {
  /** Calls on record, and events that an intent explained. The event itself is not among them. */
  readonly spent: readonly MadeCall[];
  /** By request id, when its end was stored. From then on, no call could land any more that gives its access. */
  readonly ended: Readonly<Record<string, string>>;
}

/** One intended call of one run. */
interface Intended {
  readonly run: CallIntent;
  readonly call: IntendedCall;
}

const allIntended = (intents: readonly CallIntent[]): readonly Intended[] =>
  intents.flatMap((run) => run.calls.map((call) => ({ run, call })));

/** Whether the made call may be the intended one. */
const isIntended = ({ run, call }: Intended, made: MadeCall, times: EvidenceTimes): boolean =>
  isOfRun(run, made, times) &&
  isServedAlike(call, made) &&
  call.operation === made.operation &&
  (made.isUnread === true ||
    (call.target === made.target && sameSet(call.elements, made.elements)));

/**
 * A removal may set in the same session what an addition intended. It serves other grants, so it leaves
 * the intent to the addition.
 */
const isServedAlike = ({ requestIds }: IntendedCall, { requestIds: served }: MadeCall): boolean =>
  served === undefined ||
  (served.length === requestIds.length && requestIds.every((id) => served.includes(id)));

const isOfRun = (
  { sessionName, clusterArn, principalArn, from, until }: CallIntent,
  made: MadeCall,
  times: EvidenceTimes,
): boolean =>
  made.sessionName === sessionName &&
  (made.isUnread === true ||
    (made.clusterArn === clusterArn && made.principalArn === principalArn)) &&
  happenedWithin(made.at, from, until, times);

/** Ids of the requests that the event may have served, if it was intended. */
export function servedByIntents(
  intents: readonly CallIntent[],
  event: TrailEvent,
  times: EvidenceTimes,
): readonly string[] {
  const made = madeCall(event);
  const each = allIntended(intents).filter((one) => isIntended(one, made, times));
  return [...new Set(each.flatMap(({ call }) => call.requestIds))];
}

/** Whether EKS refused the call, so that it changed nothing and left the intent to the next attempt. */
const wasTriedInVain = ({ result }: MadeCall): boolean => result !== "ok" && wasRefused(result);

/**
 * The intended call that the event is, if its answer never came. EKS may refuse several attempts of one intended call,
 * such as on an entry that it has just created. They changed nothing, so the intent explains each of them.
 */
export function intendedBy(
  intents: readonly CallIntent[],
  event: TrailEvent,
  { spent, ended }: IntentFacts,
  times: EvidenceTimes,
): IntendedCall | undefined {
  const own = madeCall(event);
  const all = allIntended(intents);
  const choices = (made: MadeCall) =>
    all.filter(
      (one) => isIntended(one, made, times) && (made !== own || isServing(one.call, own.at, ended)),
    );
  if (wasTriedInVain(own)) return choices(own)[0]?.call;
  const taken = new Map<Intended, MadeCall>();
  for (const made of spent) if (!wasTriedInVain(made)) place(made, choices, taken, new Set());
  if (!place(own, choices, taken, new Set())) return undefined;
  return [...taken].find(([, made]) => made === own)?.[0].call;
}

/**
 * Gives a made call an intended one. One that is taken becomes free where its call can take another:
 * intents of two runs may overlap, and the order of the calls does not say which is whose.
 */
function place(
  made: MadeCall,
  choices: (made: MadeCall) => readonly Intended[],
  taken: Map<Intended, MadeCall>,
  tried: Set<Intended>,
): boolean {
  return choices(made).some((one) => {
    if (tried.has(one)) return false;
    tried.add(one);
    const other = taken.get(one);
    if (other !== undefined && !place(other, choices, taken, tried)) return false;
    taken.set(one, made);
    return true;
  });
}

/**
 * Whether the call may land then. Once a grant's end is stored, no call can land any more that gives its
 * access. A bare entry has no policy and no group, so no end waits for one.
 */
const isServing = (
  { operation, requestIds }: IntendedCall,
  at: string,
  ended: IntentFacts["ended"],
): boolean =>
  operation === "CreateAccessEntry" || requestIds.some((id) => !isAfterEnd(at, ended[id]));
