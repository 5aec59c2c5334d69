/** The bar of a grant: from the read that first showed its access to the read that proved its end. */
import type { AccessRequest } from "../../../shared/domain/requests/request.ts";
import { type Power, powerOfPolicy } from "../../../shared/domain/standing/power.ts";
import type { GrantSummary } from "../../../shared/http/contract/grant-answer.ts";
import { accessWords } from "../../parts/access-words.ts";

export interface Bar {
  readonly id: string;
  readonly from: string;
  /** The end of what happened; `from` itself while nothing has begun. */
  readonly to: string;
  /** The end of what is to come. The same as `to` once it is over. */
  readonly until: string;
  readonly power: Power;
  /** In few words: `edit in payments-api`. */
  readonly words: string;
  readonly state: AccessRequest["state"];
}

export const powerOfGrant = ({ access }: Pick<GrantSummary, "access">): Power =>
  "groups" in access ? "unknown" : powerOfPolicy(access.policy);

const latest = (a: string, b: string): string => (a > b ? a : b);

/**
 * @param now ISO 8601 UTC
 * @returns undefined for a grant that ended before a read showed its access
 */
export function barOf(grant: GrantSummary, now: string): Bar | undefined {
  const { id, state, endedAt, revokeAt, expiresAt } = grant;
  const known = { id, power: powerOfGrant(grant), words: accessWords(grant.access), state };
  const from = beganAt(grant);
  if (endedAt !== null)
    return from === null ? undefined : { ...known, from, to: endedAt, until: endedAt };
  if (from === null) {
    const start = grant.startsAt ?? grant.approvedAt ?? grant.createdAt;
    return { ...known, from: start, to: start, until: expiresAt ?? latest(start, now) };
  }
  const to = latest(from, now);
  const end = state === "active" ? (revokeAt ?? expiresAt) : null;
  return { ...known, from, to, until: latest(to, end ?? to) };
}

/** When a read first showed the access. A list of open grants does not say it, so it is taken to be when they could begin. */
const beganAt = ({ effectiveAt, state, startsAt, createdAt }: GrantSummary): string | null => {
  if (effectiveAt !== undefined) return effectiveAt;
  return state === "approved" ? null : (startsAt ?? createdAt);
};

/** A bar with the lane of its row, so that bars of one time stand under each other. */
export interface LaidBar extends Bar {
  readonly lane: number;
}

/** Gives each bar the first lane that is free by its start. */
export function inLanes(bars: readonly Bar[]): readonly LaidBar[] {
  const ends: string[] = [];
  return bars
    .toSorted((a, b) => (a.from < b.from ? -1 : 1))
    .map((bar) => {
      const free = ends.findIndex((end) => end <= bar.from);
      const lane = free === -1 ? ends.length : free;
      ends[lane] = bar.until;
      return { ...bar, lane };
    });
}
