/** The summary of a cluster's audit log, as a part of a page. */
import {
  type ActivitySummary,
  differingText,
  resourceText,
} from "../../shared/domain/evidence/activity/activity-summary.ts";
import { type Markup, markup } from "../html/markup.ts";
import { code, paragraph, table, time } from "../html/page.ts";

const UNREAD: Readonly<Record<Exclude<ActivitySummary["state"], "read">, string>> = {
  "logging-off": "The cluster writes no audit log, so nobody knows.",
  "too-large": "The cluster's audit log was too large to be read, so nobody knows.",
};

/** @param activity null where there is no summary */
export function activitySection(activity: ActivitySummary | null): Markup {
  if (activity === null) return paragraph("There is no summary of it.");
  const { state, from, until } = activity;
  const differing = differingText(activity) ?? "";
  if (state !== "read") return paragraph(`${UNREAD[state]} ${differing}`.trim());
  return markup`${paragraph(markup`By the cluster's audit log, from ${time(from)} to ${time(until)}. ${differing}`)}${tables(activity)}`;
}

const NOWHERE = "—";

function tables({ counts, streams, leftBehind, isCut, query }: ActivitySummary): readonly Markup[] {
  const requests = counts.map(({ verb, namespace, outcome, count, ...what }) => [
    verb,
    resourceText(what),
    namespace ?? NOWHERE,
    outcome,
    count,
  ]);
  const opened = streams.map(({ kind, namespace, pod, startedAt, endedAt }) => [
    kind,
    `${namespace}/${pod}`,
    time(startedAt),
    endedAt === null ? "open at the end" : time(endedAt),
  ]);
  const left = leftBehind.map(({ resource, namespace, name, createdAt }) => [
    `${resource} ${name ?? "(named by the API server)"}`,
    namespace ?? NOWHERE,
    time(createdAt),
  ]);
  return [
    ...(isCut ? [paragraph("There was more than these tables hold. The log has all of it.")] : []),
    requests.length === 0
      ? paragraph("There were no requests.")
      : table("Requests", ["Verb", "Resource", "Namespace", "Outcome", "Count"], requests),
    ...(opened.length === 0
      ? []
      : [table("Connections into containers", ["Kind", "Pod", "Opened", "Closed"], opened)]),
    ...(left.length === 0
      ? []
      : [table("Objects that may give access later", ["Object", "Namespace", "Created"], left)]),
    ...(query === null ? [] : [paragraph(markup`The query was: ${code(query)}`)]),
  ];
}
