/** The evidence of CloudTrail and of the cluster's audit log about one request, for people. */

import { activityParts } from "../../shared/domain/evidence/activity/activity-text.ts";
import { lastActivity } from "../../shared/domain/evidence/activity/last-activity.ts";
import type { CallState } from "../../shared/domain/evidence/calls/call-state.ts";
import type { EvidenceRecord } from "../../shared/domain/evidence/evidence-record.ts";
import { visible } from "../../shared/domain/values/visible-text.ts";
import type { EvidenceAnswer } from "../../shared/http/contract/answers.ts";
import type { Style } from "../terminal/screen.ts";
import type { Column } from "../terminal/table.ts";
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

/** The last summary of the access's use, in a few lines; empty without a summary. */
export function activityLines(records: readonly EvidenceRecord[], now: string): readonly string[] {
  const last = lastActivity(records);
  if (!last) return [];
  const { head, counts, others } = activityParts(last, (instant) => shortTime(instant, now));
  return [visible(head), ...counts.map((count) => `  ${visible(count)}`), ...others.map(visible)];
}
