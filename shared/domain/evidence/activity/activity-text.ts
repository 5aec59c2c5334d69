/** The use of a grant, in words, by the cluster's audit log. */
import { type ActivitySummary, differingText, resourceText } from "./activity-summary.ts";

const UNREAD: Readonly<Record<Exclude<ActivitySummary["state"], "read">, string>> = {
  "logging-off": "The cluster wrote no audit log, so nobody knows.",
  "too-large": "The cluster's audit log was too large to be read, so nobody knows.",
};

/** Said where no record has a summary. */
export const NO_ACTIVITY =
  "Not known: no summary is on record. One comes a while after the end, where the cluster's audit log is read.";

/** How many counts are shown: those of the most requests. */
const MOST_COUNTS = 5;

export interface ActivityParts {
  /**
   * How many requests, in which time; or why nobody knows. Requests that other access of the same person allowed are in
   * no summary: `activity-queries.ts`.
   */
  readonly head: string;
  /** The most frequent of them, each with its count. */
  readonly counts: readonly string[];
  /** Connections, objects that may give access later, and what the summary lacks. */
  readonly others: readonly string[];
}

/** `2 requests` */
const counted = (count: number, noun: string): string =>
  `${count} ${noun}${count === 1 ? "" : "s"}`;

/** @param time an instant, ISO 8601 UTC, for the reader */
export function activityParts(
  summary: ActivitySummary,
  time: (instant: string) => string,
): ActivityParts {
  const { state, from, until, counts, streams, leftBehind, isCut } = summary;
  const differs = [differingText(summary) ?? []].flat();
  if (state !== "read") return { head: UNREAD[state], counts: [], others: differs };
  const all = counts.reduce((sum, { count }) => sum + count, 0);
  const most = counts.toSorted((a, b) => b.count - a.count).slice(0, MOST_COUNTS);
  const lead = most.length === 0 ? "" : most.length < counts.length ? ", most of them:" : ":";
  const open = streams.filter(({ endedAt }) => endedAt === null).length;
  return {
    head: `${counted(all, "request")} allowed by this access, refused, or made as somebody else, from ${time(from)} to ${time(until)}${lead}`,
    counts: most.map(countText),
    others: [
      ...(streams.length === 0
        ? []
        : [`${counted(streams.length, "connection")} into containers, ${open} open at the end`]),
      ...(leftBehind.length === 0
        ? []
        : [`${counted(leftBehind.length, "object")} that may give access later`]),
      ...(isCut ? ["There was more than the summary holds. The log has all of it."] : []),
      ...differs,
    ],
  };
}

/** `9 × get pods in payments, allowed` */
function countText({
  verb,
  namespace,
  outcome,
  count,
  ...what
}: ActivitySummary["counts"][number]) {
  const where = namespace === null ? "" : ` in ${namespace}`;
  return `${count} × ${verb} ${resourceText(what)}${where}, ${outcome}`;
}
