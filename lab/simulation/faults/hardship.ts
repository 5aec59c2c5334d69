/**
 * The rare faults of a life. Each life has at most three kinds, and most have no such fault.
 * Recovery takes long, and would hide the effects of other faults.
 */
import type { Profile } from "../profile.ts";
import { type Random, seededRandom } from "../random.ts";

/** Their names, as they count in the summary. */
export const HARDSHIPS = [
  /** STS answers no AssumeRole, while EKS works. */
  "stsFails",
  /** IAM refuses additions for a while. */
  "additionDenied",
  /** EKS throttles a cluster, call after call. */
  "clusterThrottled",
  /** A whole region is down. */
  "regionDown",
  /** Scheduler takes no fuses any more. */
  "fusesRefused",
  /** EventBridge drops sweeps, one after the other. */
  "sweepDropped",
  /** A global secondary index is behind its table. */
  "indexStale",
  /** A Query shows a part of a transaction. */
  "partlyVisible",
  /** DynamoDB deletes what is past its time. */
  "recordExpired",
  /** A cluster takes no access entries yet. */
  "configMap",
  /** A deployment narrows a rule. */
  "ruleNarrowed",
  /** A deployment retires a cluster. */
  "clusterRetired",
  /** Somebody takes the tags of an entry away that permit its deletion. */
  "tagRemoved",
  /** More grants end together than one transaction takes. */
  "crowd",
  /** A run has used up its time at some call. */
  "timeUsedUp",
  /** Another run saves the ledger between a run's two reads. */
  "grantsOlder",
  /** The chain of stops cannot be read. */
  "stopsUnread",
  /** A grant ends beside an extension that has begun. */
  "besideExtension",
  /** The store of evidence takes its time. */
  "evidenceSlow",
] as const;

export type Hardship = (typeof HARDSHIPS)[number];

/** Hardships have random numbers of their own, so that they shift nothing in the life of other seeds. */
const HARDSHIP_SEED = 0x4a2d5;

/** In how many seeds there are any. */
const SHARE = 0.4;

/** The hardships of one life, and what decides about them. */
export interface Hardships {
  has(hardship: Hardship): boolean;
  readonly random: Random;
  /** The cluster that takes no access entries in the beginning. */
  readonly configMapCluster: string | undefined;
}

/** A life without a sweep meets none: nothing but the sweep would repair what they leave. */
export function hardshipsOf(seed: number, { sweep }: Pick<Profile, "sweep">): Hardships {
  const draw = seededRandom(-seed ^ HARDSHIP_SEED);
  const count = draw.chance(SHARE) ? draw.pick([1, 1, 1, 2, 3]) : 0;
  const kinds = Array.from({ length: sweep ? count : 0 }, () => draw.pick(HARDSHIPS));
  const drawn: ReadonlySet<Hardship> = new Set(kinds);
  const cluster = draw.pick(["one", "two", "far"]);
  return {
    has: (hardship) => drawn.has(hardship),
    random: seededRandom(seed ^ HARDSHIP_SEED),
    configMapCluster: drawn.has("configMap") ? cluster : undefined,
  };
}

/** A span of time, in milliseconds since the epoch. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

export const isWithin = ({ from, to }: Span, at: number): boolean => from <= at && at < to;

const MINUTE = 60_000;

/** A span in the part of a life in which most happens. @param longest in minutes */
export function anySpan(random: Random, startedAt: number, longest: number): Span {
  const from = startedAt + random.between(0, random.pick([1, 3, 10, 40])) * MINUTE;
  return { from, to: from + random.between(0.5, longest) * MINUTE };
}
