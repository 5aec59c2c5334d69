/**
 * How converge follows the chain of stops. It believes every record that stops, and judges each one
 * that lifts under its own policy. Nobody can take back a stop that it once followed, without a new
 * record. Behind a record that does not continue the chain, it still believes what stops, and keeps it: whoever may
 * write records can put ones that continue the chain over all of that.
 */
import { type AccessPolicy, memberOf } from "../policy/policy.ts";
import type { Settings } from "../settings.ts";
import { BrokerError } from "../values/errors.ts";
import { continues } from "../values/hash-chain.ts";
import { secondsBetween } from "../values/instant.ts";
import { checkStop } from "./judge-stop.ts";
import {
  afterStop,
  lifts,
  NO_STOPS,
  type StopCopy,
  type Stopped,
  type StopRecord,
  type Stops,
  suspensionOf,
} from "./stops.ts";
import { isStopRecord } from "./stored-stops.ts";

export interface Followed {
  /** The people who are stopped now. */
  readonly stops: Stops;
  /**
   * The copy to keep: the same without people whom the policy does not name, so that nobody can make it too large to
   * be stored. Those of the copy before stay. It ends before a record that is to be judged again under a newer policy,
   * and says how far the chain was followed beyond it.
   */
  readonly keep: StopCopy;
  /** Whether there is such a record. The copy stays before it, whatever follows. */
  readonly isHeldBack: boolean;
  /** Numbers of records that lift and were not believed. */
  readonly refused: readonly number[];
  /** The record after which the chain does not hold; undefined where it holds. */
  readonly brokenAfter?: number;
}

/** For how long two policies may be in use, and how far apart clocks are. */
type Skew = Pick<Settings, "policySkewSeconds" | "clockDifferenceSeconds">;

/**
 * @param copy who was stopped when converge last looked
 * @param records those after what was followed, in order
 * @param before what was followed of them already; by default, only the copy
 */
export function followStops(
  policy: AccessPolicy,
  copy: StopCopy,
  records: readonly StopRecord[],
  now: string,
  skew: Skew,
  before: Followed = asFollowed(copy),
): Followed {
  let { stops } = before;
  let keep: Stops | undefined = before.isHeldBack ? before.keep : undefined;
  const refused: number[] = [];
  const followed = (): Followed => ({
    stops,
    keep: copyOf(policy, copy, keep, stops),
    isHeldBack: keep !== undefined,
    refused,
  });
  for (const [at, record] of records.entries()) {
    if (!isStopRecord(record) || !continues(record, stops) || isAnother(record, copy.ahead)) {
      const behind = stoppedBy(records.slice(at));
      const ended = { ...followed(), stops: withStopped(stops, behind), brokenAfter: stops.seq };
      const found = unlessCut(copy, ended);
      return { ...found, keep: ofTheFile(policy, copy, withStopped(found.keep, behind)) };
    }
    const isBelieved = !lifts(record.type) || isAllowed(policy, stops, record);
    if (!isBelieved) refused.push(record.seq);
    const isInDoubt = !isBelieved || isOfNobody(policy, record);
    if (isInDoubt && isRecent(policy, record, now, skew)) keep ??= stops;
    const after = isBelieved && !isMadeUp(policy, stops, record) ? afterStop(stops, record) : stops;
    stops = { people: after.people, drain: after.drain, seq: record.seq, hash: record.hash };
  }
  return followed();
}

/** Only the copy, as what was followed. */
export const asFollowed = (copy: StopCopy): Followed => ({
  stops: copy,
  keep: copy,
  isHeldBack: false,
  refused: [],
});

/**
 * The same, unless the chain ends or breaks before the last record that was followed once. Then whom that stopped stays
 * so, and the copy stays as it is.
 *
 * @param found what was followed of the chain to its end, or to where it breaks
 */
export function unlessCut(copy: StopCopy, found: Followed): Followed {
  const { ahead } = copy;
  const { stops } = found;
  if (!ahead || stops.seq >= ahead.seq) return found;
  const people = { ...stops.people, ...ahead.people };
  const stopped = { ...stops, people, drain: stops.drain ?? ahead.drain };
  return { ...found, stops: stopped, keep: copy, isHeldBack: true, brokenAfter: stops.seq };
}

/** Whether a record has the place of the last one that was followed once, and is another one. */
const isAnother = ({ seq, hash }: StopRecord, ahead: Stops | undefined): boolean =>
  ahead?.seq === seq && ahead.hash !== hash;

/** The copy to keep: the stops, or those before a record that keeps it back, with whom the stops name besides. */
function copyOf(
  policy: AccessPolicy,
  copy: StopCopy,
  heldBack: Stops | undefined,
  stops: Stops,
): StopCopy {
  const known = ofTheFile(policy, copy, heldBack ?? stops);
  if (!heldBack) return known;
  const { people, ...rest } = ofTheFile(policy, copy, stops);
  const others = Object.entries(people).filter(
    ([name, { at }]) => suspensionOf(known, name)?.at !== at,
  );
  return { ...known, ahead: { ...rest, people: Object.fromEntries(others) } };
}

/** Whether a record suspends somebody whom the policy does not name. */
const isOfNobody = (policy: AccessPolicy, { type, details: { person } }: StopRecord): boolean =>
  type === "suspend" && person !== null && memberOf(policy, person) === undefined;

/** The stops without people whom neither the policy nor the copy before names. */
function ofTheFile<Known extends Stops>(policy: AccessPolicy, copy: StopCopy, stops: Known): Known {
  const before = { ...copy.ahead?.people, ...copy.people };
  const known = Object.entries(stops.people).filter(
    ([name]) => Object.hasOwn(before, name) || memberOf(policy, name) !== undefined,
  );
  return { ...stops, people: Object.fromEntries(known) };
}

/** Everyone whom records stop that do not continue the chain. No record there lifts anything. */
function stoppedBy(records: readonly StopRecord[]): Stopped {
  let stopped: Stopped = NO_STOPS;
  for (const record of records)
    if (isStopRecord(record) && !lifts(record.type)) stopped = afterStop(stopped, record);
  return stopped;
}

/** The same with these stops, too. */
const withStopped = <Known extends Stops>(known: Known, { people, drain }: Stopped): Known => ({
  ...known,
  people: { ...people, ...known.people },
  drain: known.drain ?? drain,
});

/**
 * Whether a record stops who is stopped already, by somebody who may not. Else it would make that one the one who stopped,
 * so that the first may lift it.
 */
function isMadeUp(policy: AccessPolicy, stops: Stops, record: StopRecord): boolean {
  const { person } = record.details;
  const first = person === null ? stops.drain : suspensionOf(stops, person);
  if (lifts(record.type) || !first) return false;
  const others = Object.entries(stops.people).filter(([name]) => name !== person);
  const drain = person === null ? null : stops.drain;
  return !isAllowed(policy, { ...stops, people: Object.fromEntries(others), drain }, record);
}

function isAllowed(policy: AccessPolicy, stops: Stops, record: StopRecord): boolean {
  try {
    const { type, actor, details } = record;
    const evenIfNobodyCanLift = details.evenIfNobodyCanLift === true;
    checkStop(policy, stops, { type, actor, person: details.person, evenIfNobodyCanLift });
    return true;
  } catch (error) {
    if (error instanceof BrokerError) return false;
    throw error;
  }
}

/**
 * A deployment replaces one function after another, so the API may know an admin first. A record of the future is not
 * recent: others could date records so that the copy stays before them for as long as they like.
 */
function isRecent(
  { hash }: AccessPolicy,
  { policyHash, at }: StopRecord,
  now: string,
  { policySkewSeconds, clockDifferenceSeconds }: Skew,
): boolean {
  const age = secondsBetween(at, now);
  return policyHash !== hash && age >= -clockDifferenceSeconds && age < policySkewSeconds;
}
