/** Everything about one request, in two columns. */
import { describeAccess, describeTerms } from "../../shared/domain/requests/access-text.ts";
import { askerText } from "../../shared/domain/requests/asker-text.ts";
import { nothingRemains } from "../../shared/domain/requests/end-proof.ts";
import { visible } from "../../shared/domain/values/visible-text.ts";
import type { RequestAnswer } from "../../shared/http/contract/answers.ts";
import type { PersonAccessAnswer } from "../../shared/http/contract/person-access-answer.ts";
import type { Fact } from "../terminal/facts.ts";
import { extensionFacts } from "./extension-text.ts";
import { leanFacts } from "./on-call-text.ts";
import { behalfText, isEarlyEnd, needsText, outcomeText } from "./request-text.ts";
import { approvalsText, requirementText } from "./requirement-text.ts";
import { reviewFacts } from "./review-text.ts";
import { approvalBy, ticketOfRequest } from "./ticket-text.ts";
import { awayText, exactTime } from "./time-text.ts";

/** `payments-edit`, marked if it is a break-glass rule. */
export const ruleText = (rule: string, breakGlass: boolean): string =>
  `${visible(rule)}${breakGlass ? " (BREAK GLASS)" : ""}`;

/**
 * Everything that someone who decides has to know; what is decided on stands last.
 *
 * @param held the requester's access as it is known, for whoever decides
 */
export function requestFacts(
  request: RequestAnswer,
  now: string,
  held?: PersonAccessAnswer,
): readonly Fact[] {
  const time = (instant: string) => `${exactTime(instant)}, ${awayText(instant, now)}`;
  const fact = (name: string, instant: string | null): readonly Fact[] =>
    instant === null ? [] : [[name, time(instant)]];
  const { state, startsAt, endedAt, outcome } = request;
  const planned = endedAt === null && !(state === "ending" && isEarlyEnd(request));
  const atOnce = startsAt === null && state === "pending";
  return [
    ["Id", visible(request.id)],
    ["Digest", visible(request.digest)],
    ["State", visible(state)],
    ["Requested", time(request.createdAt)],
    ...(state === "pending" ? fact("Lapses", request.lapsesAt) : []),
    ["Rule", `${ruleText(request.rule, request.breakGlass)}${escalatedText(request)}`],
    approvalFact(request),
    ...leanFacts(request.onCall),
    ...request.approvals.map(
      ({ person, onBehalfOf, at, note }): Fact => [
        "Approved by",
        `${visible(person)}${behalfText(onBehalfOf)}, ${time(at)}${note === undefined ? "" : `: ${visible(note)}`}`,
      ],
    ),
    ...(state === "pending" ? [["Still needs", needsText(request, now)] as const] : []),
    ...fact(endedAt === null ? "Active since" : "Active from", request.effectiveAt),
    ...(planned ? fact("Access ends", request.revokeAt) : []),
    ...(planned ? fact("To be gone by", request.expiresAt) : []),
    ...fact("Ended", endedAt),
    ...readFacts(request, time),
    ...(outcome === null ? [] : [["Outcome", visible(outcomeText(outcome))] as const]),
    ...reviewFacts(request, now),
    ...missingFacts(request, time),
    ...whoFacts(request),
    ...latelyFacts(request, held),
    ["Cluster", `${visible(request.cluster)} (${visible(request.clusterArn)})`],
    ...askedFacts(request),
    ["Access", visible(describeAccess(request.access))],
    ["For", `${visible(request.duration)}${forText(request, atOnce)}`],
    ...extensionFacts(request),
    ...fact("Starts", startsAt),
    ...whyFacts(request),
  ];
}

const whoFacts = (request: RequestAnswer): readonly Fact[] => [
  ["Who", `${visible(askerText(request))} as ${visible(request.principalArn)}`],
  ...(request.askedWith ? [["Asked with", visible(request.askedWith.join(", "))] as const] : []),
  ...(request.owners ? [["Owned by", visible(request.owners.join(", "))] as const] : []),
];

/**
 * How often its requester asked lately. Nobody knows before an API of an earlier release.
 *
 * @returns at most one fact
 */
export function latelyFacts(
  { createdAt }: RequestAnswer,
  held: Partial<Pick<PersonAccessAnswer, "lately">> | undefined,
): readonly Fact[] {
  if (held?.lately === undefined) return [];
  const { since, requests, approved } = held.lately;
  const count = requests === 1 ? "1 request" : `${requests} requests`;
  const own = createdAt >= since && requests > 0 ? ", this one included" : "";
  return [["Last 24 hours", `${count} that you may see${own}; ${approved} approved`]];
}

const whyFacts = (request: RequestAnswer): readonly Fact[] => [
  ...ticketOfRequest(request),
  ["Reason", visible(request.reason)],
];

/** An escalated break-glass keeps the requirements that it was asked with: nobody had to meet them. */
const approvalFact = ({ breakGlass, requirements, ticket }: RequestAnswer): Fact =>
  requirements.length === 0
    ? ["Approval", approvalBy([], ticket !== undefined)]
    : breakGlass
      ? ["Approval", `${requirementText([])}, without ${requirementText(requirements)}`]
      : ["Needed", approvalsText(requirements)];

/** The read of EKS that proved the end. It says no more than that, where something else gives the same access. */
const readFacts = (
  { endProof }: RequestAnswer,
  time: (instant: string) => string,
): readonly Fact[] => {
  if (!endProof?.readAt) return [];
  const gone = nothingRemains(endProof) ? ": gone" : "";
  return [["Checked in EKS", `${time(endProof.readAt)}${gone}`]];
};

/** `, escalated from payments-edit for 1h` */
const escalatedText = ({ escalatedFrom }: RequestAnswer): string =>
  escalatedFrom
    ? `, escalated from ${visible(escalatedFrom.rule)} for ${visible(escalatedFrom.duration)}`
    : "";

/** The terms that were asked for, and those after each approval for less, but for the last. */
const askedFacts = ({ earlierTerms = [] }: RequestAnswer): readonly Fact[] =>
  earlierTerms.map((terms, at) => [at === 0 ? "Asked for" : "Then", visible(describeTerms(terms))]);

const forText = ({ extends: predecessor }: RequestAnswer, atOnce: boolean): string =>
  predecessor !== undefined ? " more" : atOnce ? ", as soon as it is approved" : "";

/** The messages that did not reach their readers. */
const missingFacts = (
  { undeliverable = [] }: RequestAnswer,
  time: (instant: string) => string,
): readonly Fact[] =>
  undeliverable.map(({ kind, to, medium, reason, at, nextAt }) => [
    "Not delivered",
    `${medium === "email" ? "e-mail" : "message"} "${visible(kind)}" to ${visible(to)}: ${visible(reason)}, ${time(at)}${nextAt === undefined ? "" : `; tried again ${time(nextAt)}`}`,
  ]);
