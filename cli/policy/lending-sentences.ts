/** Says who may borrow what, and on which terms. */
import { describeHours } from "../../shared/domain/policy/hours.ts";
import {
  LATEST_START_SECONDS,
  USUAL_LAPSE_SECONDS,
} from "../../shared/domain/policy/rule-times.ts";
import { formatDuration } from "../../shared/domain/values/duration.ts";
import type { Lending, TermsChange } from "../../shared/policy-tools/compare/compare-policies.ts";
import type { Offer, Subject } from "../../shared/policy-tools/compare/offers.ts";
import { merged } from "./merged-rows.ts";
import { listed, type Mark, shortArns } from "./words.ts";

const rowOf = (
  { person, what, where, kind, cluster }: Subject,
  terms: string,
  within: readonly string[] = [],
) => ({
  within,
  person: [person],
  what: [what],
  where: [where],
  kind: [kind],
  cluster: [cluster],
  terms: [terms],
});

type LendingRow = Readonly<Record<keyof ReturnType<typeof rowOf>, readonly string[]>>;

/** Rows of the same change, first of several people, then of several policies, places and clusters. */
const together = (rows: readonly LendingRow[]) =>
  merged<LendingRow>(rows, ["person", "what", "where", "cluster"]);

/** `AmazonEKSEditPolicy in payments-* on prod` */
function subjectText({ what, where, kind, cluster }: LendingRow, mark: Mark): string {
  const on = listed(cluster, mark);
  const named = listed(what, mark);
  const texts: Readonly<Record<string, string>> = {
    group: `the Kubernetes group${what.length > 1 ? "s" : ""} ${named} on ${on}`,
    cluster: `${named} on the whole of ${on}`,
    namespace: `${named} in ${listed(where, mark)} on ${on}`,
  };
  return texts[kind[0] ?? ""] ?? named;
}

/** `alice may borrow … for up to 4h, …` */
export const gainSentences = (gained: readonly Lending[], mark: Mark): readonly string[] =>
  together(
    gained.map((lending) => rowOf(lending, offersText(lending.offers, mark), lending.within)),
  ).map(
    (row) =>
      `${listed(row.person, mark)} may borrow ${subjectText(row, mark)}${withinText(row, "so far", mark)}: ${row.terms[0]}.`,
  );

/** `alice may no longer borrow …` */
export const lossSentences = (lost: readonly Lending[], mark: Mark): readonly string[] =>
  together(lost.map((lending) => rowOf(lending, "", lending.within))).map(
    (row) =>
      `${listed(row.person, mark)} may no longer borrow ${subjectText(row, mark)}${withinText(row, "still", mark)}.`,
  );

/** The part of a pattern that is lent before and after. */
const withinText = ({ within }: LendingRow, when: "so far" | "still", mark: Mark): string =>
  within.length === 0 ? "" : ` (${when} in ${listed(within, mark)})`;

/** `alice, AmazonEKSEditPolicy in payments-* on prod: for up to 6h (before: for up to 4h).` */
export const changeSentences = (changes: readonly TermsChange[], mark: Mark): readonly string[] =>
  together(changes.map((change) => rowOf(change, changeText(change, mark)))).map(
    (row) => `${listed(row.person, mark)}, ${subjectText(row, mark)}: ${row.terms[0]}.`,
  );

/** The change of one rule's terms; with several rules, all terms before and after. */
function changeText({ before, after }: TermsChange, mark: Mark): string {
  const [was, ...othersBefore] = before;
  const [is, ...othersAfter] = after;
  if (!was || !is || othersBefore.length > 0 || othersAfter.length > 0)
    return `${offersText(after, mark)} (before: ${offersText(before, mark)})`;
  const past = termsOf(was, mark);
  return termsOf(is, mark)
    .map((term, at) => [term.text, past[at]?.text] as const)
    .filter(([now, then]) => now !== then)
    .map(([now, then]) => `${now} (before: ${then})`)
    .join("; ");
}

const offersText = (offers: readonly Offer[], mark: Mark): string =>
  offers
    .map((offer) =>
      termsOf(offer, mark)
        .filter(({ usual }) => !usual)
        .map(({ text }) => text)
        .join(", "),
    )
    .join("; or ");

interface Term {
  readonly text: string;
  /** True for a value of no interest unless it was different. */
  readonly usual: boolean;
}

/** Every term of an offer, each always in the same place. */
function termsOf(offer: Offer, mark: Mark): readonly Term[] {
  const { maxSeconds, defaultSeconds, reason, principals, decideIn } = offer;
  const term = (text: string, usual = false): Term => ({ text, usual });
  return [
    term(`for up to ${formatDuration(maxSeconds)}`),
    term(`${formatDuration(defaultSeconds ?? maxSeconds)} by default`, defaultSeconds === null),
    ...timeTerms(offer, mark),
    ...shiftTerms(offer, mark),
    term(approvalText(offer, mark)),
    offer.approvable ? term("enough people can approve", true) : term("too few people can approve"),
    term(`decided in ${listed(decideIn, (surface) => surface)}`, decideIn.length > 1),
    reason.minLength === 0
      ? term("with a reason of any length", true)
      : term(`with a reason of at least ${reason.minLength} characters`),
    reason.ticket === null
      ? term("without a ticket", true)
      : term(`with a ticket that matches ${mark(reason.ticket)}`),
    ...ticketTerms(offer, mark),
    offer.breakGlass ? term("as break-glass") : term("not as break-glass", true),
    term(reviewText(offer, mark), offer.review === undefined),
    offer.wildcards ? term("as patterns too") : term("by name only", true),
    offer.exactly ? term("on the whole cluster only") : term("or in namespaces of it", true),
    term(`for ${listed(shortArns(principals), mark)}`, principals.length === 1),
    term(`by the rule ${mark(offer.rule)}`),
  ];
}

function timeTerms(
  { hours, atMost, startLatestSeconds: ahead, lapseSeconds: lapse, extend, approval }: Offer,
  mark: Mark,
): readonly Term[] {
  return [
    {
      text: hours === null ? "at any hour" : `within ${mark(describeHours(hours))}`,
      usual: hours === null,
    },
    {
      text: `with a start at most ${formatDuration(ahead)} ahead`,
      usual: ahead === LATEST_START_SECONDS,
    },
    {
      text:
        atMost === null
          ? "any number of times"
          : `at most ${atMost.times} times in ${formatDuration(atMost.perSeconds)}`,
      usual: atMost === null,
    },
    extensionTerm({ extend, approval }),
    { text: `void after ${formatDuration(lapse)}`, usual: lapse === USUAL_LAPSE_SECONDS },
  ];
}

const shiftTerms = ({ onCall, endsWithShift }: Offer, mark: Mark): readonly Term[] => [
  {
    text: onCall === null ? "on call or not" : `while on call in ${mark(onCall)}`,
    usual: onCall === null,
  },
  {
    text: endsWithShift ? "until the shift ends at the latest" : "beyond the end of a shift",
    usual: !endsWithShift,
  },
];

const ticketTerms = ({ ticket, endsWithTicket }: Offer, mark: Mark): readonly Term[] => [
  {
    text: ticket === null ? "whatever a tracker says" : `with ${ticketText(ticket, mark)}`,
    usual: ticket === null,
  },
  {
    text: endsWithTicket ? "until its ticket is closed" : "whatever happens to a ticket",
    usual: !endsWithTicket,
  },
];

/** `a ticket of payments that is open or in-progress and assigned to whoever asks` */
function ticketText(
  { in: tracker, status, assignee, reporter, ifUnknown }: NonNullable<Offer["ticket"]>,
  mark: Mark,
): string {
  const is = [
    status.join(" or "),
    ...(assignee ? ["assigned to whoever asks"] : []),
    ...(reporter ? ["made by somebody else before"] : []),
  ];
  const asks = ifUnknown ? ", and approvers decide where that is unknown" : "";
  return `a ticket of ${mark(tracker)} that is ${is.join(" and ")}${asks}`;
}

function reviewText({ review }: Offer, mark: Mark): string {
  if (!review) return "without a review";
  const { by, withinSeconds, block } = review;
  const others = block ? ", and no other while one is overdue" : "";
  return `with a review by ${by.map(mark).join(" or ")} within ${formatDuration(withinSeconds)}${others}`;
}

function extensionTerm({ extend, approval }: Pick<Offer, "extend" | "approval">): Term {
  if (extend === null) return { text: "without extensions", usual: true };
  const often = extend.times === 1 ? "once" : `${extend.times} times`;
  const isAlone = extend.approval === "none" && approval.length > 0;
  const how = isAlone ? " without an approval" : "";
  return {
    text: `extended ${often}${how}, to ${formatDuration(extend.totalSeconds)} in all`,
    usual: false,
  };
}

function approvalText({ approval }: Offer, mark: Mark): string {
  const needs = approval.map(({ groups, count, onCall, escalate }) => {
    const anyOf = (names: readonly string[]) => names.map(mark).join(" or ");
    const later = escalate
      ? `, after ${formatDuration(escalate.afterSeconds)} also of ${anyOf(escalate.groups)}`
      : "";
    const first = onCall === undefined ? "" : `, first whoever is on call in ${mark(onCall)}`;
    return `${count} of ${anyOf(groups)}${first}${later}`;
  });
  return needs.length === 0
    ? "without an approval"
    : `with the approval of ${needs.join(", and ")}`;
}
