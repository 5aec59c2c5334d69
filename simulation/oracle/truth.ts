import type { ActualEntry } from "../../shared/domain/entries/actual-entry.ts";
import type { ElementSet } from "../../shared/domain/values/element-set.ts";
import type { EntryAddress } from "../../shared/ports/access-entries.ts";

/** What the oracle knows of one entry. Moments are milliseconds since the epoch. */
export interface Truth {
  readonly binding: string;
  readonly name: string;
  readonly address: EntryAddress;
  /** By target, what others want there. */
  theirs: Map<string, ElementSet>;
  /** `target element`: others changed it while we did, so that either outcome is right. */
  readonly contested: Set<string>;
  /** The entry itself was changed by others while we did. */
  entryContested: boolean;
  /** By `target element`, when others last changed it. */
  readonly edits: Map<string, number>;
  /** When others last replaced the entry. */
  replacedAt: number;
  /** By `target element`, until when a call of ours may change it, or be missing from a read. */
  readonly doubts: Map<string, number>;
  /** The same for the entry itself. */
  entryDoubtUntil: number;
  /** ARNs of entries that others made. */
  readonly foreign: Set<string>;
  /** ARNs of our entries that others have used. */
  readonly adopted: Set<string>;
  /** Targets that some grant was approved for. */
  readonly touched: Set<string>;
  /** By `target element`, since when nothing explains it. */
  readonly unexplained: Map<string, number>;
  /** By grant, since when its access is missing. */
  readonly missing: Map<string, number>;
  /** Runs, and writes whose effect is to come. */
  underWay: number;
  /** Changes of the entry that were called for, and whose effect is to come. */
  changesUnderWay: number;
  /** Until when something that went wrong may have an effect; NEVER where nothing did. */
  disturbedUntil: number;
  everDisturbed: boolean;
  /** When others last edited it, or a fuse did. */
  editedAt: number;
  /** When a call took effect that its function had given up. */
  lateAt: number;
  /** When a run of ours last took an element away, and which run. */
  takenAt: number;
  takenBy: string;
  /** When the last run began that read it and was done undisturbed. */
  lookedAt: number;
  /** Since when the principal or the cluster is another; Infinity while neither is. */
  withdrawnAt: number;
}

export const NEVER = Number.NEGATIVE_INFINITY;

export const newTruth = (
  at: Pick<Truth, "binding" | "name" | "address">,
  entry: ActualEntry | undefined,
): Truth => ({
  ...at,
  theirs: new Map(Object.entries(entry?.targets ?? {})),
  contested: new Set(),
  entryContested: false,
  edits: new Map(),
  replacedAt: NEVER,
  doubts: new Map(),
  entryDoubtUntil: NEVER,
  foreign: new Set(entry ? [entry.accessEntryArn] : []),
  adopted: new Set(),
  touched: new Set(),
  unexplained: new Map(),
  missing: new Map(),
  underWay: 0,
  changesUnderWay: 0,
  disturbedUntil: NEVER,
  everDisturbed: false,
  editedAt: NEVER,
  lateAt: NEVER,
  takenAt: NEVER,
  takenBy: "",
  lookedAt: NEVER,
  withdrawnAt: Number.POSITIVE_INFINITY,
});

/** The key of an element of a target. */
export const keyOf = (target: string, element: string) => `${target} ${element}`;

export const isWithdrawn = ({ withdrawnAt }: Truth) => withdrawnAt < Number.POSITIVE_INFINITY;
