import type { EvidenceWatch } from "../oracle/evidence.ts";
import { type Cause, correctionOf } from "../oracle/evidence-truth.ts";
import type { Random } from "../random.ts";
import type { VirtualTime } from "../virtual-time.ts";
import { type EksChange, isNear } from "./eks-change.ts";
import type { TrailProfile } from "./evidence-profile.ts";
import type { SimHistory } from "./sim-history.ts";
import { type Addendum, busEventOf, recordOf } from "./trail-record.ts";

export interface SimTrailOptions {
  readonly time: VirtualTime;
  readonly random: Random;
  readonly profile: TrailProfile;
  /** CloudTrail shows nothing in this life. */
  readonly isAbsent: boolean;
  readonly watch: EvidenceWatch;
  readonly note: (what: () => string) => void;
  readonly history: SimHistory;
  /** Sends what EventBridge delivers to the queue in front of correlate. */
  readonly send: (eventId: string, body: string) => void;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/**
 * CloudTrail and EventBridge. A record takes minutes to an hour, now and then longer. It may come
 * twice, out of order, corrected by a second one, or never.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/how-cloudtrail-works.html
 */
export class SimTrail {
  readonly #options: SimTrailOptions;
  #records = 0;
  /** Records on their way. */
  #pending = 0;

  constructor(options: SimTrailOptions) {
    this.#options = options;
  }

  get isIdle(): boolean {
    return this.#pending === 0;
  }

  /** EKS executed a call. */
  log(change: EksChange, cause: Cause): void {
    const { random, profile, watch, isAbsent, note } = this.#options;
    this.#records += 1;
    const eventId = `event-${this.#records}`;
    watch.logged(eventId, change, cause);
    if (isAbsent) return;
    const isForwarded = isNear(change) || profile.isForwarded;
    const isLost = random.chance(profile.lost);
    const isUndelivered = isLost || random.chance(profile.undelivered) || !isForwarded;
    if (!isLost) this.#list(change, eventId);
    if (isUndelivered) {
      note(() => `loses ${eventId}: ${change.operation} ${change.requestId}`);
      return;
    }
    this.#deliver(change, eventId, eventId, null);
    if (random.chance(profile.doubled)) this.#deliver(change, eventId, eventId, null);
    if (random.chance(profile.corrected)) {
      const original = { originalEventID: eventId, originalRequestID: change.requestId };
      const addendum: Addendum = { reason: "UPDATED_DATA", ...original };
      this.#deliver(change, eventId, correctionOf(eventId), addendum);
    }
  }

  /** The event history shows it, in its own time. */
  #list(change: EksChange, eventId: string): void {
    const { time, random, profile, watch, history, note } = this.#options;
    const isLate = random.chance(profile.late);
    const delay = isLate ? this.#drawLateness() : this.#drawDelay();
    this.#pending += 1;
    time.after(delay, () => {
      this.#pending -= 1;
      note(() => `lists ${eventId}: ${change.operation} ${change.requestId}`);
      watch.listed(eventId);
      history.list(change, JSON.stringify(recordOf(change, eventId, null)));
    });
  }

  #deliver(change: EksChange, key: string, eventId: string, addendum: Addendum | null): void {
    const { time, random, profile, watch, send, note } = this.#options;
    const isLate = random.chance(profile.late);
    const delay = isLate ? this.#drawLateness() : this.#drawDelay();
    const why = addendum ?? (isLate ? ({ reason: "DELIVERY_DELAY" } as const) : null);
    this.#pending += 1;
    time.after(delay, () => {
      this.#pending -= 1;
      note(() => `delivers ${eventId}: ${change.operation} ${change.requestId}`);
      watch.delivered(key);
      send(eventId, busEventOf(recordOf(change, eventId, why)));
    });
  }

  /** Minutes, and seldom seconds, so that it overtakes the record of the call. */
  #drawDelay(): number {
    const { random, profile } = this.#options;
    return random.chance(0.1) ? random.between(0, 5_000) : random.between(MINUTE, profile.usual);
  }

  #drawLateness(): number {
    const { random } = this.#options;
    return random.pick([random.between(1, 6), random.between(1, 6), random.between(22, 30)]) * HOUR;
  }
}
