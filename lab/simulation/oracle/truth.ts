import type { ActualEntry } from "../../../shared/domain/entries/actual-entry.ts";
import type { ElementSet } from "../../../shared/domain/values/element-set.ts";
import type { EntryAddress } from "../../../shared/ports/access-entries.ts";

/** The oracle's facts about one entry. Moments are milliseconds since the epoch. */
export interface Truth {
  readonly binding: string;
  readonly name: string;
  readonly address: EntryAddress;
  /** By target, the elements that others put there. */
  baseline: Map<string, ElementSet>;
  /**
   * `target element`: others changed it while we did, so that either outcome is correct until the
   * broker has seen it at rest. Since when changes of others matter for it.
   */
  readonly ambiguous: Map<string, number>;
  /** The same for the entry itself. */
  entryAmbiguous: boolean;
  entryAmbiguousFrom: number;
  /** By `target element`, when others last had it there, or put it there. */
  readonly theirsAt: Map<string, number>;
  /** By `target element`, when others last changed it. */
  readonly edits: Map<string, number>;
  /** When others last replaced the entry. */
  replacedAt: number;
  /** By `target element`, until when a call of ours may change it, or be missing from a read. */
  readonly doubts: Map<string, number>;
  /** The time until which a call of ours may change the entry itself, or be missing from a read. */
  entryDoubtUntil: number;
  /** By the name of a fuse, when it last fired. */
  readonly firedAt: Map<string, number>;
  /** ARNs of entries that others made. */
  readonly madeByOthers: Set<string>;
  /** ARNs of our entries that others have used. */
  readonly usedByOthers: Set<string>;
  /** Targets that some grant was approved for. */
  readonly touched: Set<string>;
  /** By `target element`, since when nothing explains it. */
  readonly unexplained: Map<string, number>;
  /** By grant, since when its access is missing. */
  readonly missing: Map<string, number>;
  /** Runs, and writes that have not taken effect yet. */
  underWay: number;
  /** Calls that change the entry, and have not taken effect yet. */
  changesUnderWay: number;
  /** The time until which a fault may have an effect; NEVER without a fault. */
  disturbedUntil: number;
  everDisturbed: boolean;
  /** When others last edited it, or a fuse did. */
  editedAt: number;
  /** When a call took effect that its function had given up. */
  lateAt: number;
  /** When IAM last refused an addition, or a narrowing, which is the same call. */
  deniedAt: number;
  /** When a run of ours last took an element away, and which run. */
  takenAt: number;
  takenBy: string;
  /** When the last run began that read it and was done undisturbed. */
  lookedAt: number;
  /** When the principal or the cluster was replaced or deleted; Infinity before that. */
  withdrawnAt: number;
}

export const NEVER = Number.NEGATIVE_INFINITY;

export const newTruth = (
  at: Pick<Truth, "binding" | "name" | "address">,
  entry: ActualEntry | undefined,
): Truth => ({
  ...at,
  baseline: new Map(Object.entries(entry?.targets ?? {})),
  ambiguous: new Map(),
  entryAmbiguous: false,
  entryAmbiguousFrom: Number.POSITIVE_INFINITY,
  theirsAt: new Map(),
  firedAt: new Map(),
  edits: new Map(),
  replacedAt: NEVER,
  doubts: new Map(),
  entryDoubtUntil: NEVER,
  madeByOthers: new Set(entry ? [entry.accessEntryArn] : []),
  usedByOthers: new Set(),
  touched: new Set(),
  unexplained: new Map(),
  missing: new Map(),
  underWay: 0,
  changesUnderWay: 0,
  disturbedUntil: NEVER,
  everDisturbed: false,
  editedAt: NEVER,
  lateAt: NEVER,
  deniedAt: NEVER,
  takenAt: NEVER,
  takenBy: "",
  lookedAt: NEVER,
  withdrawnAt: Number.POSITIVE_INFINITY,
});

/** The key of an element of a target. */
export const keyOf = (target: string, element: string) => `${target} ${element}`;

export const isWithdrawn = ({ withdrawnAt }: Truth) => withdrawnAt < Number.POSITIVE_INFINITY;
