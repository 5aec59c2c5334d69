/**
 * How converge follows the chain of stops. It believes every record that stops, and judges each one
 * that lifts under its own policy. Nobody can take back a stop that it once followed, without a new
 * record.
 */
import type { AccessPolicy } from "../policy/policy.ts";
import { BrokerError } from "../values/errors.ts";
import { continues } from "../values/hash-chain.ts";
import { secondsBetween } from "../values/instant.ts";
import { checkStop } from "./judge-stop.ts";
import { afterStop, lifts, type StopRecord, type Stops } from "./stops.ts";

export interface Followed {
  /** The people who are stopped now. */
  readonly stops: Stops;
  /** The copy to keep: the same, unless a lift is to be judged again under a newer policy. */
  readonly keep: Stops;
  /** Numbers of records that lift and were not believed. */
  readonly refused: readonly number[];
}

/**
 * @param copy who was stopped when converge last looked
 * @param records those after the copy, in order
 * @param skewSeconds for how long two policies may be in use
 * @throws BrokerError `invariant-broken` where the records do not continue the copy
 */
export function followStops(
  policy: AccessPolicy,
  copy: Stops,
  records: readonly StopRecord[],
  now: string,
  skewSeconds: number,
): Followed {
  let stops = copy;
  let keep: Stops | undefined;
  const refused: number[] = [];
  for (const record of records) {
    checkLink(stops, record);
    const isBelieved = !lifts(record.type) || isAllowed(policy, stops, record);
    if (!isBelieved) {
      refused.push(record.seq);
      if (isRecent(policy, record, now, skewSeconds)) keep ??= stops;
    }
    const after = isBelieved ? afterStop(stops, record) : stops;
    stops = { people: after.people, drain: after.drain, seq: record.seq, hash: record.hash };
  }
  return { stops, keep: keep ?? stops, refused };
}

function checkLink(before: Stops, record: StopRecord): void {
  if (continues(record, before)) return;
  throw new BrokerError(
    "invariant-broken",
    `Record ${record.seq} of the suspensions does not follow record ${before.seq}. Nothing more is added; look into who wrote it.`,
  );
}

function isAllowed(policy: AccessPolicy, stops: Stops, record: StopRecord): boolean {
  try {
    const { type, actor, details } = record;
    checkStop(policy, stops, { type, actor, person: details.person });
    return true;
  } catch (error) {
    if (error instanceof BrokerError) return false;
    throw error;
  }
}

/** A deployment replaces one function after another, so the API may know an admin first. */
const isRecent = (
  { hash }: AccessPolicy,
  { policyHash, at }: StopRecord,
  now: string,
  skewSeconds: number,
): boolean => policyHash !== hash && Math.abs(secondsBetween(at, now)) < skewSeconds;
