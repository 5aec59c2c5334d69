/** Requests and their histories for people. */
import { describeAccess } from "../../shared/domain/entries/access.ts";
import type { Requirement, State } from "../../shared/domain/requests/request.ts";
import type { RequestAnswer } from "../../shared/http/contract/answers.ts";
import type { Fact } from "../terminal/facts.ts";
import type { Style } from "../terminal/screen.ts";
import type { Column } from "../terminal/table.ts";
import { visible } from "../terminal/visible-text.ts";
import { awayText, fullTime, shortTime } from "./time-text.ts";

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

const accessOf = (request: RequestAnswer) => visible(describeAccess(request.access));

/** `1 of payments-leads (bob), and 1 of sre or platform (carol)`; people where they are known. */
export const requirementText = (
  requirements: readonly (Requirement & { readonly people?: readonly string[] })[],
): string =>
  requirements.length === 0
    ? "nobody: the policy itself approves"
    : requirements
        .map(
          ({ groups, count, people }) =>
            `${count} of ${groups.map(visible).join(" or ")}${people === undefined ? "" : peopleText(people)}`,
        )
        .join(", and ");

const peopleText = (people: readonly string[]) =>
  ` (${people.length === 0 ? "nobody could at present" : people.map(visible).join(", ")})`;

/** What comes next, or what came last, with its time: `until 10:42 PST, in 42m`. */
export function whenText(request: RequestAnswer, now: string): string {
  const at = (instant: string | null) => (instant === null ? "" : shortTime(instant, now));
  const away = (instant: string) => `${at(instant)}, ${awayText(instant, now)}`;
  const { state, startsAt, expiresAt, endedAt, lapsesAt } = request;
  if (state === "pending") return `lapses ${awayText(lapsesAt, now)}`;
  if (state === "approved")
    return startsAt !== null && startsAt > now ? `starts ${away(startsAt)}` : "starting";
  if (state === "active" && expiresAt !== null) return `until ${away(expiresAt)}`;
  if (state === "ending") return expiresAt === null ? "ending" : `gone by ${at(expiresAt)}`;
  return endedAt === null ? "" : at(endedAt);
}

/** The columns of a list of requests, as seen at `now`. */
export const requestColumns = (now: string): readonly Column<RequestAnswer>[] => [
  { title: "STATE", text: ({ state }) => visible(state), style: ({ state }) => styleOf(state) },
  { title: "WHO", text: ({ requester }) => visible(requester), least: 6 },
  { title: "CLUSTER", text: ({ cluster }) => visible(cluster), least: 7 },
  { title: "ACCESS", text: accessOf, least: 30, folds: 2 },
  { title: "FOR", text: ({ duration }) => visible(duration), folds: 2 },
  { title: "WHEN", text: (request) => whenText(request, now), least: 12 },
  { title: "ID", text: ({ id }) => visible(id), folds: 1 },
  { title: "REASON", text: ({ reason }) => visible(reason), folds: 1 },
];

/** Everything that someone who decides has to know, whole. */
export function requestFacts(request: RequestAnswer, now: string): readonly Fact[] {
  const time = (instant: string) => `${fullTime(instant)}, ${awayText(instant, now)}`;
  const fact = (name: string, instant: string | null): readonly Fact[] =>
    instant === null ? [] : [[name, time(instant)]];
  const atOnce = request.startsAt === null && request.state === "pending";
  return [
    ["State", visible(request.state)],
    ["Who", `${visible(request.requester)} as ${visible(request.principalArn)}`],
    ["Cluster", `${visible(request.cluster)} (${visible(request.clusterArn)})`],
    ["Access", accessOf(request)],
    ["For", `${visible(request.duration)}${atOnce ? ", as soon as it is approved" : ""}`],
    ...fact("Starts", request.startsAt),
    ["Reason", visible(request.reason)],
    [
      "Rule",
      `${visible(request.rule)}${request.breakGlass ? " (BREAK GLASS: alerts, and is reviewed afterwards)" : ""}`,
    ],
    ["Needs", requirementText(request.requirements)],
    ...request.approvals.map(
      ({ person, at, note }): Fact => [
        "Approved",
        `by ${visible(person)}, ${time(at)}${note === undefined ? "" : `: ${visible(note)}`}`,
      ],
    ),
    ["Asked", time(request.createdAt)],
    ...(request.state === "pending" ? fact("Lapses", request.lapsesAt) : []),
    ...fact("Effective", request.effectiveAt),
    ...fact("Revoked from", request.endedAt === null ? request.revokeAt : null),
    ...fact("Gone by", request.endedAt === null ? request.expiresAt : null),
    ...fact("Ended", request.endedAt),
    ...(request.outcome === null
      ? []
      : [
          [
            "Outcome",
            `${visible(request.outcome.detail)} (${visible(request.outcome.code)})`,
          ] as const,
        ]),
    ["Digest", visible(request.digest)],
    ["Id", visible(request.id)],
  ];
}

/** One sentence on where a request stands, and what to do about it. */
export function standingText(request: RequestAnswer, now: string): string {
  const when = whenText(request, now);
  const outcome = request.outcome ? ` ${visible(request.outcome.detail)}` : "";
  const id = visible(request.id);
  const sentences: Readonly<Record<State, string>> = {
    pending: `It is pending and needs ${requirementText(request.requirements)}; it ${when}.\nFollow it:\n  timelatch show ${id}`,
    approved: `It is approved, ${when}.\nFollow it:\n  timelatch show ${id}`,
    active: `It is active ${when}.`,
    ending: `Access is being taken away, ${when}.\nSee that it is gone:\n  timelatch show ${id}`,
    ended: `It has ended; the access is gone.${outcome}`,
    denied: `It is denied.${outcome}`,
    cancelled: `It is cancelled.${outcome}`,
    lapsed: `It has lapsed.${outcome}`,
    failed: `It has failed.${outcome}`,
  };
  return sentences[request.state] ?? `It is ${visible(request.state)}.`;
}

/** `AmazonEKSEditPolicy in payments-api on prod for 1h` */
export const termsText = (request: RequestAnswer): string =>
  `${accessOf(request)} on ${visible(request.cluster)} for ${visible(request.duration)}`;
