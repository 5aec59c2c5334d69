/** The evidence of CloudTrail and of the cluster's audit log about one request, for people. */

import type { ActivitySummary } from "../../shared/domain/evidence/activity/activity-summary.ts";
import {
  differingText,
  resourceText,
} from "../../shared/domain/evidence/activity/activity-summary.ts";
import type { CallState } from "../../shared/domain/evidence/calls/call-state.ts";
import type { EvidenceRecord } from "../../shared/domain/evidence/evidence-record.ts";
import { visible } from "../../shared/domain/values/visible-text.ts";
import type { EvidenceAnswer } from "../../shared/http/contract/answers.ts";
import type { Style } from "../terminal/screen.ts";
import type { Column } from "../terminal/table.ts";
import { counted } from "./bundle-text.ts";
import { changeText, findingWords } from "./finding-text.ts";
import { shortTime } from "./time-text.ts";

type Call = EvidenceAnswer["calls"][number];
type Found = EvidenceAnswer["findings"][number];

const STYLES: Readonly<Record<CallState, Style | undefined>> = {
  confirmed: "green",
  unconfirmed: "yellow",
  missing: "red",
};

/** The columns of a request's calls to EKS, as seen at `now`. */
export const callColumns = (
  now: string,
  records: readonly EvidenceRecord[],
): readonly Column<Call>[] => [
  { title: "WHEN", text: ({ at }) => shortTime(at, now) },
  { title: "CALL", text: ({ operation }) => visible(operation), least: 12 },
  { title: "RESULT", text: ({ result }) => visible(result), least: 8 },
  {
    title: "CLOUDTRAIL",
    text: (call) => stateText(call, records, now),
    style: ({ state }) => (state === null ? "dim" : STYLES[state]),
  },
];

/** `confirmed 10:42:06 PST`, by CloudTrail's own time of the event. */
function stateText(
  { state, requestId }: Call,
  records: readonly EvidenceRecord[],
  now: string,
): string {
  if (state === null) return "nothing to confirm";
  const confirmed = records.find(
    ({ type, details }) => type === "confirmed" && details.eksRequestId === requestId,
  );
  return confirmed?.type === "confirmed"
    ? `confirmed ${shortTime(confirmed.details.eventTime, now)}`
    : visible(state);
}

/** The columns of the findings on a request's access, as seen at `now`. */
export const foundColumns = (now: string): readonly Column<Found>[] => [
  { title: "ID", text: ({ details }) => visible(details.findingId.slice(0, SHORT_ID)) },
  { title: "RECORDED", text: ({ at }) => shortTime(at, now) },
  { title: "FINDING", text: ({ details }) => findingWords(details), style: () => "red" },
  { title: "CHANGE", text: ({ details }) => changeText(details), least: 20, folds: 1 },
];

/** `timelatch findings show` takes as few. */
const SHORT_ID = 8;

const UNREAD: Readonly<Record<Exclude<ActivitySummary["state"], "read">, string>> = {
  "logging-off": "The cluster wrote no audit log, so nobody knows.",
  "too-large": "The cluster's audit log was too large to be read, so nobody knows.",
};

/** How many counts are shown: those of the most requests. */
const MOST_COUNTS = 5;

/** The last summary of the access's use, in a few lines; empty without a summary. */
export function activityLines(records: readonly EvidenceRecord[], now: string): readonly string[] {
  const last = records.findLast(({ type }) => type === "activity");
  if (last?.type !== "activity") return [];
  const { state, from, until, counts, streams, leftBehind, isCut } = last.details;
  const differing = differingText(last.details) ?? [];
  if (state !== "read") return [UNREAD[state], differing].flat();
  const all = counts.reduce((sum, { count }) => sum + count, 0);
  const most = counts.toSorted((a, b) => b.count - a.count).slice(0, MOST_COUNTS);
  const open = streams.filter(({ endedAt }) => endedAt === null).length;
  return [
    `${counted(all, "request")} from ${shortTime(from, now)} to ${shortTime(until, now)}${all > 0 ? ", most of them:" : ""}`,
    ...most.map(
      ({ verb, namespace, outcome, count, ...what }) =>
        `  ${count} × ${visible(`${verb} ${resourceText(what)}${namespace === null ? "" : ` in ${namespace}`}`)}, ${visible(outcome)}`,
    ),
    ...(streams.length === 0
      ? []
      : [`${counted(streams.length, "connection")} into containers, ${open} open at the end`]),
    ...(leftBehind.length === 0
      ? []
      : [`${counted(leftBehind.length, "object")} that may give access later`]),
    ...(isCut ? ["There was more than the summary holds. The log has all of it."] : []),
    ...[differing].flat(),
  ];
}
