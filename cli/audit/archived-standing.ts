/** Standing access of a cluster at an instant, by readings in an archive that was verified. Instants are ISO 8601 UTC. */
import type { FindingRecord } from "../../shared/domain/evidence/findings/finding-record.ts";
import {
  type ChangedEntry,
  changedBetween,
  datedChanges,
  MOST_CHANGED,
} from "../../shared/domain/standing/changed-between.ts";
import type { ClusterSetup } from "../../shared/domain/standing/cluster-setup.ts";
import { entriesIn, type ReadingDetails } from "../../shared/domain/standing/reading.ts";
import type { StandingEntry } from "../../shared/domain/standing/standing-entry.ts";
import { isTooOld, type UnknownThen } from "../../shared/domain/standing/standing-then.ts";
import type { StandingThenAnswer } from "../../shared/http/contract/reach-answer.ts";
import { LONGEST_LINE_BYTES } from "./event-line.ts";
import { linesOf } from "./lines.ts";
import type { RecordFile } from "./verify-archive.ts";
import { hashInName } from "./verify-contents.ts";

/** The two readings around an instant. */
export interface ReadingsAround {
  readonly before?: ReadingDetails;
  readonly following?: ReadingDetails;
}

export interface ArchivedStanding {
  readonly standing: StandingThenAnswer;
  readonly entries: readonly StandingEntry[];
  /** The cluster as EKS described it to the reading; null without one, and for no such cluster. */
  readonly cluster: ClusterSetup | null;
}

/** Files of lists, by their hash. */
export type ContentFiles = ReadonlyMap<string, RecordFile>;

export const contentFiles = (files: readonly RecordFile[]): ContentFiles =>
  new Map(files.map((file) => [hashInName(file.name), file]));

/** The readings around an instant, after one more of the same cluster. */
export function withReading(
  around: ReadingsAround,
  reading: ReadingDetails,
  at: string,
): ReadingsAround {
  const { before, following } = around;
  const { completedAt } = reading;
  if (completedAt <= at)
    return before && before.completedAt >= completedAt ? around : { ...around, before: reading };
  return following && following.completedAt <= completedAt
    ? around
    : { ...around, following: reading };
}

/** @param records findings about the cluster, and expected changes there */
export async function archivedStanding(
  { before, following }: ReadingsAround,
  files: ContentFiles,
  records: readonly FindingRecord[],
  at: string,
): Promise<ArchivedStanding> {
  if (!before) return nothingKnown("not-kept", null);
  const another = following?.cluster && following.cluster.createdAt !== before.cluster?.createdAt;
  if (another) return nothingKnown("another-cluster", following.cluster);
  const entries = await entriesOf(files, before);
  if (!entries) return nothingKnown("not-archived", before.cluster);
  const { startedAt, completedAt, read, explained, cluster } = before;
  const changed = following
    ? await changesBy(files, [before, entries], following, datedChanges(records), at)
    : [];
  return {
    entries,
    cluster,
    standing: {
      reading: { startedAt, completedAt, read, explained },
      following: following?.completedAt ?? null,
      changed,
      unknown: isTooOld(before, at) ? "too-old" : changed?.length === 0 ? null : "changed",
    },
  };
}

async function changesBy(
  files: ContentFiles,
  [before, entries]: readonly [ReadingDetails, readonly StandingEntry[]],
  following: ReadingDetails,
  changes: ReturnType<typeof datedChanges>,
  at: string,
): Promise<readonly ChangedEntry[] | null> {
  if (following.content === before.content) return [];
  const later = await entriesOf(files, following);
  if (!later) return null;
  const [one, other] = [
    { ...before, entries },
    { ...following, entries: later },
  ];
  return changedBetween(one, other, changes, at).slice(0, MOST_CHANGED);
}

/** Undefined where the archive does not have the list, or the list is larger than it keeps. */
async function entriesOf(
  files: ContentFiles,
  reading: ReadingDetails,
): Promise<readonly StandingEntry[] | undefined> {
  const file = reading.content === null ? undefined : files.get(reading.content);
  if (!file) return undefined;
  const lines: string[] = [];
  for await (const { bytes } of linesOf(file.open(), LONGEST_LINE_BYTES))
    lines.push(bytes?.toString("utf8") ?? "");
  return entriesIn(lines, reading);
}

const nothingKnown = (unknown: UnknownThen, cluster: ClusterSetup | null): ArchivedStanding => ({
  standing: { reading: null, following: null, changed: [], unknown },
  entries: [],
  cluster,
});
