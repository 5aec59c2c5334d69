/** The API's answer about who could reach a cluster at an instant. Instants are ISO 8601 UTC. */
import type { GrantThen } from "../../domain/requests/grant-then.ts";
import type { ChangedEntry } from "../../domain/standing/changed-between.ts";
import type { UnknownThen } from "../../domain/standing/standing-then.ts";
import type { FindingAnswer, PageAnswer } from "./answers.ts";
import type { ClusterAnswer, StandingEntryAnswer } from "./cluster-answer.ts";

/** `GET /v1/clusters/{name}/reach`. A page has one part: grants, findings or entries. */
export interface ReachAnswer extends PageAnswer {
  /** As the cluster is known today. */
  readonly cluster: ClusterAnswer;
  readonly at: string;
  /** The list of grants has each that was approved from then on; null where it has no such grant yet. */
  readonly since: string | null;
  /** Grants that began earlier are listed only where they are still open today. */
  readonly startedFrom: string;
  readonly standing: StandingThenAnswer;
  /** Grants that lent access then, or may have. */
  readonly grants: readonly GrantThenAnswer[];
  /** Findings about the cluster that happened in the hour before, or the hour after. */
  readonly findings: readonly FindingAnswer[];
  /** Standing access, each entry as of its own `readAt`. */
  readonly entries: readonly StandingEntryAnswer[];
  /** How many entries of the list of grants on this page have no sound record. */
  readonly leftOut: number;
}

export interface StandingThenAnswer {
  /** The last complete reading before the instant; null without one. */
  readonly reading: {
    readonly startedAt: string;
    readonly completedAt: string;
    readonly read: number;
    readonly explained: number;
  } | null;
  /** When the reading after it was complete; null before there is one. */
  readonly following: string | null;
  /**
   * Entries that the reading after it found differently, and that may have changed by the instant: 100 at most. Null
   * where the two lists are too large to compare. Only on the first page.
   */
  readonly changed: readonly ChangedEntry[] | null;
  /** Why standing access of then is not known; null where it is, as of the reading. */
  readonly unknown: UnknownThen | null;
}

/** A grant at the instant, by its audit events. */
export interface GrantThenAnswer extends GrantThen {
  readonly machine?: true;
}

/** The parts of all pages in one answer; undefined of no page. Its `next` is that of the last page. */
export function reachOfPages(pages: readonly ReachAnswer[]): ReachAnswer | undefined {
  const [first] = pages;
  if (!first) return undefined;
  const { next: _, ...head } = first;
  const next = pages.at(-1)?.next;
  return {
    ...head,
    grants: pages.flatMap(({ grants }) => grants),
    findings: pages.flatMap(({ findings }) => findings),
    entries: pages.flatMap(({ entries }) => entries),
    leftOut: pages.reduce((sum, { leftOut }) => sum + leftOut, 0),
    ...(next === undefined ? {} : { next }),
  };
}
