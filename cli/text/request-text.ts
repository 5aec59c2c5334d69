/** Requests on one line, in a sentence, and as what to do next. */

import {
  describeAccess,
  describeAccessOn,
  describeTerms,
} from "../../shared/domain/requests/access-text.ts";
import { askerName, shortAsker } from "../../shared/domain/requests/asker-text.ts";
import { endText } from "../../shared/domain/requests/end-text.ts";
import type { State } from "../../shared/domain/requests/request.ts";
import { useCommands } from "../../shared/domain/requests/use-commands.ts";
import { visible } from "../../shared/domain/values/visible-text.ts";
import type { RequestAnswer, RequestSummary } from "../../shared/http/contract/answers.ts";
import type { Style } from "../terminal/screen.ts";
import type { Column } from "../terminal/table.ts";
import { requirementText } from "./requirement-text.ts";
import { shortIds } from "./short-ids.ts";
import { awayText, everywhere, leftText, shortTime } from "./time-text.ts";

const STYLES = {
  pending: "yellow",
  approved: "yellow",
  active: "green",
  ending: "yellow",
  ended: "dim",
  denied: "red",
  cancelled: "dim",
  lapsed: "red",
  failed: "red",
} as const satisfies Record<State, Style>;

/** A release of the API may know a state that this command does not. */
export const styleOf = (state: State): Style | undefined => STYLES[state];

const accessOf = (request: RequestSummary) => visible(describeAccess(request.access));

/** The approvals that are still missing. An older API answers only what was required. */
export const needsText = ({ needs, requirements }: RequestAnswer, now: string): string =>
  requirementText((needs as typeof needs | undefined) ?? requirements, now);

/** Whether somebody ended it before its time. */
export const isEarlyEnd = ({ outcome }: RequestSummary): boolean =>
  outcome !== null && outcome.code !== "expired";

/** Whether it was approved for a start in the future. */
export const startsLater = ({ startsAt }: RequestSummary, now: string): boolean =>
  startsAt !== null && startsAt > now;

/** The next time, or the last one: `until 10:42 PST (42m left)`. */
export function whenText(request: RequestSummary, now: string): string {
  const at = (instant: string | null) => (instant === null ? "" : shortTime(instant, now));
  const away = (instant: string) => `${at(instant)}, ${awayText(instant, now)}`;
  const { state, startsAt, revokeAt, expiresAt, endedAt, lapsesAt } = request;
  const until = revokeAt ?? expiresAt;
  if (state === "pending") return `lapses ${awayText(lapsesAt, now)}`;
  if (state === "approved")
    return startsAt !== null && startsAt > now ? `starts ${away(startsAt)}` : "starting";
  if (state === "active" && until !== null) return `until ${leftText(at(until), until, now)}`;
  if (state === "ending")
    return expiresAt === null || isEarlyEnd(request)
      ? "being removed"
      : `to be gone by ${at(expiresAt)}`;
  return endedAt === null ? "" : at(endedAt);
}

/** Reads well without its column title, since it may be folded. An older API answers no needs. */
function missingText({ needs }: RequestSummary, now: string): string {
  const missing = (needs as typeof needs | undefined) ?? [];
  return missing.length === 0 ? "" : `approval by ${requirementText(missing, now)}`;
}

/**
 * Names the grant that an extension continues; no column where nothing is an extension. It reads well without its title.
 *
 * @param short the short form of each id
 */
export function extendsColumn(
  requests: readonly RequestSummary[],
  short: ReadonlyMap<string, string>,
): readonly Column<RequestSummary>[] {
  if (requests.every((request) => request.extends === undefined)) return [];
  const text = ({ extends: before }: RequestSummary) =>
    before === undefined ? "" : `extends ${visible(short.get(before) ?? before)}`;
  return [{ title: "EXTENDS", text, folds: 1 }];
}

/** The ids of a list, and of the grants that its extensions continue. */
export const idsOf = (requests: readonly RequestSummary[]): readonly string[] => [
  ...new Set(requests.flatMap(({ id, extends: before }) => [id, ...(before ? [before] : [])])),
];

/** The columns of a list of requests, as seen at `now`. Its ids are as short as the list allows. */
export function requestColumns(
  now: string,
  requests: readonly RequestSummary[],
): readonly Column<RequestSummary>[] {
  const short = shortIds(idsOf(requests));
  const missing = (request: RequestSummary) => missingText(request, now);
  const waiting = requests.some((request) => missing(request) !== "");
  return [
    { title: "ID", text: ({ id }) => visible(short.get(id) ?? id) },
    { title: "STATE", text: ({ state }) => visible(state), style: ({ state }) => styleOf(state) },
    { title: "WHO", text: (request) => visible(shortAsker(request)), least: 6 },
    { title: "CLUSTER", text: ({ cluster }) => visible(cluster), least: 7 },
    { title: "WHEN", text: (request) => whenText(request, now), least: 12 },
    {
      title: "FOR",
      text: ({ duration, extends: before }) =>
        `${visible(duration)}${before === undefined ? "" : " more"}`,
      folds: 2,
    },
    { title: "ACCESS", text: accessOf, least: 30, folds: 2 },
    ...extendsColumn(requests, short),
    ...(waiting ? [{ title: "WAITS FOR", text: missing, folds: 1 } as const] : []),
    { title: "REASON", text: ({ reason }) => visible(reason), folds: 1 },
  ];
}

/** The words of an outcome, and its code unless they begin with it: `Denied by bob: not now`. */
export const outcomeText = ({ code, detail }: NonNullable<RequestAnswer["outcome"]>): string =>
  detail.toLowerCase().startsWith(code) ? detail : `${detail} (${code})`;

/** A note may be anything; as a sentence it ends with a full stop. */
const sentence = (text: string) => visible(text).replace(/[^.!?…]$/u, "$&.");

const follow = ({ id }: RequestAnswer) => `  timelatch show ${visible(id)}`;

/** The command of an approver: it decides all that was asked for at once, where that is several. */
export const forwardedLine = ({ id, askedWith }: RequestAnswer): string =>
  `  timelatch approve ${visible(id)}${askedWith ? " --together" : ""}`;

/** Where a pending request stands, with a line that its requester can forward. */
const pendingText = (request: RequestAnswer, now: string) => {
  const { ticket, requirements } = request;
  const about = ticket === undefined ? "" : `, and its tracker is asked about ${visible(ticket)}`;
  if (about !== "" && requirements.length === 0)
    return `It waits until its tracker has said what ${visible(ticket ?? "")} is; it ${whenText(request, now)}.`;
  return [
    `It waits for approval by ${needsText(request, now)}${about}; it ${whenText(request, now)}.`,
    "Forward this to them:",
    forwardedLine(request),
  ].join("\n");
};

/** Where a request stands, in a sentence, and what to do about it. */
export function requestStateText(request: RequestAnswer, now: string): string {
  const when = whenText(request, now);
  const outcome = sentence(request.outcome?.detail ?? "");
  const early = isEarlyEnd(request) ? `${outcome} ` : "";
  const unused = request.effectiveAt === null && startsLater(request, now);
  const ending = unused
    ? "It had not started, so no access was given."
    : `Access is being removed${isEarlyEnd(request) ? " now" : `, ${when}`}.`;
  const sentences: Readonly<Record<State, string>> = {
    pending: pendingText(request, now),
    approved: `Approved: access ${startsLater(request, now) ? when : "will be active in a few seconds"}.\nFollow it:\n${follow(request)}`,
    active: `Access is active ${when}.`,
    ending: `${early}${ending}\nSee that it has ended:\n${follow(request)}`,
    ended: `${early}${visible(endText(request.endProof))}`,
    denied: /^Denied\b/.test(outcome) ? outcome : `Denied: ${outcome}`,
    cancelled: outcome || "Cancelled.",
    lapsed: `Lapsed: ${outcome}`,
    failed: `Failed: ${outcome}`,
  };
  return (sentences[request.state] ?? `The request is ${visible(request.state)}.`).trimEnd();
}

/** ` on behalf of bob`; empty for who decided for themselves. */
export const behalfText = (onBehalfOf: string | undefined): string =>
  onBehalfOf === undefined ? "" : ` on behalf of ${visible(onBehalfOf)}`;

/** The result of an approver's decision. */
export function decidedText(
  verdict: "approve" | "deny",
  request: RequestAnswer,
  now: string,
): string {
  const behalf = behalfText(request.approvals.at(-1)?.onBehalfOf);
  if (verdict === "deny") return "Denied.";
  const isLess = (request.earlierTerms ?? []).length > 0;
  const terms = isLess ? ` of ${visible(describeTerms(request))}` : "";
  if (request.state === "pending")
    return `Your approval${terms}${behalf} is recorded. Still needs ${needsText(request, now)}; it ${whenText(request, now)}.`;
  const approved = isLess
    ? `Approved${behalf}: ${visible(describeTerms(request))}.`
    : `Approved${behalf}.`;
  if (request.state === "approved" && startsLater(request, now))
    return `${approved} Access ${whenText(request, now)}.`;
  if (request.state === "approved") return `${approved} Access will be active in a few seconds.`;
  return requestStateText(request, now);
}

/** `AmazonEKSEditPolicy in payments-api on prod for 1h` */
export const termsText = (request: RequestSummary): string =>
  `${visible(describeAccessOn(request.access, request.cluster))} for ${visible(request.duration)}`;

/** Until when access is active, and for its requester how to use it and how to give it back. */
export function effectiveText(
  request: RequestAnswer,
  now: string,
  reader: "requester" | "approver",
): string {
  const { expiresAt, revokeAt, id } = request;
  const who = reader === "requester" ? "You have" : `${visible(askerName(request))} has`;
  const until = revokeAt ?? expiresAt;
  const end =
    until === null ? [] : [`${who} access until ${leftText(everywhere(until), until, now)}.`];
  const latest = expiresAt === null ? [] : [`It is to be gone by ${shortTime(expiresAt, now)}.`];
  if (reader === "approver")
    return [...end, ...latest, "To end it early:", `  timelatch revoke ${visible(id)}`, ""].join(
      "\n",
    );
  const use = useCommands(request).map((line) => `  ${visible(line)}`);
  return [
    ...end,
    ...latest,
    ...(use.length > 0 ? ["Use it:", ...use] : []),
    "Return it early:",
    `  timelatch return ${visible(id)}`,
    "",
  ].join("\n");
}

const ENDED: Readonly<Partial<Record<State, string>>> = {
  denied: "was denied",
  cancelled: "was cancelled",
  lapsed: "lapsed",
  failed: "failed",
};

/** How a request ended, to follow "the request". */
export const endedText = (state: State): string => ENDED[state] ?? `is ${state}`;

/** `bob approved it at 10:03 UTC, 2m ago.`, or `Denied by carol: not now`; nothing where nobody decided. */
export function decidedBefore(
  { state, approvals, outcome }: RequestAnswer,
  now: string,
): readonly string[] {
  const at = (instant: string) => `at ${shortTime(instant, now)}, ${awayText(instant, now)}`;
  if (state === "denied" && outcome !== null) return [visible(outcome.detail)];
  const last = approvals.at(-1);
  if (state === "pending" || last === undefined) return [];
  return [`${visible(last.person)} approved it${behalfText(last.onBehalfOf)} ${at(last.at)}.`];
}
