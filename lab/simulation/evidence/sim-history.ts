import { placeName } from "../../../shared/domain/evidence/trail/trail-look.ts";
import { clusterOf } from "../../../shared/domain/values/arn.ts";
import {
  CALLS_PER_SECOND,
  LookupThrottled,
  type SessionEvents,
  type TrailLookup,
} from "../../../shared/ports/trail-lookup.ts";
import type { Random } from "../random.ts";
import type { VirtualTime } from "../virtual-time.ts";
import type { EksChange } from "./eks-change.ts";

interface Listed {
  /** Its account and region. */
  readonly place: string;
  readonly sessionName: string;
  /** Whole seconds, as milliseconds since the epoch. */
  readonly at: number;
  readonly record: string;
}

export interface SimHistoryOptions {
  readonly time: VirtualTime;
  readonly random: Random;
  /** How often others in the account have used up the limit of lookups. */
  readonly throttled: () => number;
}

/** The events that LookupEvents gives at once, cut short so that lives have several pages. */
const PAGE = 5;
const SECOND = 1_000;

/** CloudTrail's event histories, one for each account and region. */
export class SimHistory implements TrailLookup {
  readonly #options: SimHistoryOptions;
  readonly #listed: Listed[] = [];
  /** By place, the lookups of the last second. */
  readonly #calledAt = new Map<string, readonly number[]>();

  constructor(options: SimHistoryOptions) {
    this.#options = options;
  }

  /** From now on the history shows an event. */
  list({ caller, at, clusterArn }: EksChange, record: string): void {
    if (caller.kind !== "role") return;
    const second = Math.floor(at / SECOND) * SECOND;
    const place = placeName(clusterOf(clusterArn));
    this.#listed.push({ place, sessionName: caller.sessionName, at: second, record });
  }

  async eventsOf(sessions: SessionEvents, page: string | undefined) {
    const { time, random, throttled } = this.#options;
    const place = placeName(sessions.place);
    const recent = (this.#calledAt.get(place) ?? []).filter((at) => at > time.now - SECOND);
    if (recent.length >= CALLS_PER_SECOND || random.chance(throttled()))
      throw new LookupThrottled();
    this.#calledAt.set(place, [...recent, time.now]);
    const all = this.#listed
      .filter((each) => each.place === place && each.sessionName === sessions.sessionName)
      .filter(({ at }) => at >= Date.parse(sessions.from) && at <= Date.parse(sessions.until))
      .toSorted((a, b) => b.at - a.at);
    const start = Number(page ?? 0);
    const events = all.slice(start, start + PAGE);
    const oldest = events.at(-1);
    return {
      records: events.map(({ record }) => record),
      oldest: oldest ? new Date(oldest.at).toISOString() : null,
      next: start + PAGE < all.length ? String(start + PAGE) : undefined,
    };
  }
}
