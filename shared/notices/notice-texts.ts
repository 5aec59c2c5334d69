/** Texts about requests that every medium shows, in plain words. The medium lays them out and escapes them. */
import type { AskedFor, NoticeFacts, StillNeeded } from "../domain/notices/notice.ts";
import type { ApprovedLess } from "../domain/requests/approved-less.ts";
import { askerText } from "../domain/requests/asker-text.ts";
import { endText } from "../domain/requests/end-text.ts";
import { isFinal } from "../domain/requests/lifecycle.ts";
import type { Access } from "../domain/requests/request.ts";
import { formatDuration } from "../domain/values/duration.ts";
import { waitingText } from "./outside-texts.ts";
import { ended, listed } from "./sentence-parts.ts";

/** The permission of an access policy, as a verb. Others are named as EKS names them. */
const VERBS: Readonly<Record<string, string>> = {
  AmazonEKSViewPolicy: "read",
  AmazonEKSEditPolicy: "edit",
  AmazonEKSAdminPolicy: "administer everything",
  AmazonEKSAdminViewPolicy: "read everything, with secrets,",
  AmazonEKSSecretReaderPolicy: "read secrets",
  AmazonEKSClusterAdminPolicy: "do anything",
};

const verbOf = (policy: string) =>
  (Object.hasOwn(VERBS, policy) ? VERBS[policy] : undefined) ?? `use ${policy}`;

/** `edit in payments-api on prod`, `act as Kubernetes group eks-admins on staging` */
function doing(access: Access, cluster: string): string {
  if ("groups" in access) {
    const group = access.groups.length > 1 ? "groups" : "group";
    return `act as Kubernetes ${group} ${listed(access.groups, "and")} on ${cluster}`;
  }
  const { policy, scope } = access;
  const where =
    scope.type === "cluster" ? "in the whole cluster" : `in ${listed(scope.namespaces, "and")} on`;
  return `${verbOf(policy)} ${where} ${cluster}`;
}

/** The headline of a message, as of its state. @param who the requester, or `You` */
export function headlineText(facts: NoticeFacts, who: string): string {
  const { state, access, cluster, durationSeconds } = facts;
  const what = doing(access, cluster);
  if (state === "active") return `${who} can ${what}.`;
  const asks = state !== "pending" ? "asked" : who === YOU ? "ask" : "asks";
  const longer = facts.extends === undefined ? "" : " longer";
  return `${who} ${asks} to ${what} for ${formatDuration(durationSeconds)}${longer}.`;
}

export const YOU = "You";

/** How approvers made the terms less, the oldest first. */
export const lessText = ({ less = [], cluster }: NoticeFacts): string => {
  const terms = ({ access, durationSeconds }: ApprovedLess["after"]) =>
    `${doing(access, cluster)} for ${formatDuration(durationSeconds)}`;
  return less
    .map(
      ({ by, before, after }) =>
        `${by} approved less: ${terms(after)}, in place of ${terms(before)}.`,
    )
    .join(" ");
};

/** `1 of sre (bob or carol)`; before its time, `…, later also of sre (carol)`; where all are needed, `bob of sre`. */
function needText({ groups, count, people, onCall, second }: StillNeeded): string {
  if (!second && people.length === count)
    return `${listed(people, "and")} of ${listed(groups, "or")}`;
  const later = second && !second.isAsked ? `, later also of ${circleText(second)}` : "";
  const first = onCall !== undefined && later !== "" ? `, on call in ${onCall}` : "";
  return `${count} of ${circleText({ groups, people })}${first}${later}`;
}

const circleText = ({ groups, people }: Pick<StillNeeded, "groups" | "people">) =>
  `${listed(groups, "or")} (${people.length === 0 ? "nobody at present" : listed(people, "or")})`;

const byWhom = ({ approvers, breakGlass }: NoticeFacts): string => {
  if (approvers.length > 0) return `Approved by ${listed(approvers, "and")}.`;
  return breakGlass ? "Nobody approved it." : "The policy approves it.";
};

/** Where a request stands, and what happened to it. */
export function stateText(facts: NoticeFacts): string {
  const outcome = facts.outcome?.detail ?? "";
  switch (facts.state) {
    case "pending": {
      const given = facts.approvers.length > 0 ? `${byWhom(facts)} Still needs` : "Needs";
      return facts.stillNeeded.length === 0
        ? waitingText(facts)
        : `${given} ${listed(facts.stillNeeded.map(needText), "and")}.`;
    }
    case "approved":
      return facts.startsAt === null ? `${byWhom(facts)} ${beginningText(facts)}` : byWhom(facts);
    case "active":
      return byWhom(facts);
    case "ending":
      return isContinued(facts)
        ? OWN_TIME_OVER
        : joined(earlyEnd(facts), "Access is being removed.");
    case "ended":
      return isContinued(facts) ? OWN_TIME_OVER : joined(earlyEnd(facts), endText(facts.endProof));
    case "denied":
      return joined(outcome.startsWith("Denied by ") ? "" : "Denied:", outcome);
    case "cancelled":
      return joined(outcome, "Nothing was granted.");
    case "lapsed":
      return outcome;
    case "failed":
      return joined("Failed:", outcome);
  }
}

const beginningText = ({ extends: predecessor }: NoticeFacts): string =>
  predecessor === undefined ? "Access is being added." : "Access is being extended.";

/** Whether its time ran out while an extension continued its access. */
/** Whether another grant carries its access on. */
export const isContinued = ({ extendedBy, outcome }: NoticeFacts): boolean =>
  extendedBy !== undefined && (outcome === null || outcome.code === "expired");

const OWN_TIME_OVER = "Its own time is over.";

/** Names the grant before this one, or after it; empty where there is no such grant. */
export function chainText({
  extends: predecessor,
  extendedBy,
  extendedUntil,
  state,
}: NoticeFacts): string {
  // Its end stands beside the other instants.
  if (extendedUntil !== undefined) return "";
  if (extendedBy !== undefined)
    return `It was extended. How the access stands now: timelatch show ${extendedBy}`;
  return predecessor !== undefined && state === "pending"
    ? `It continues access that is active: timelatch show ${predecessor}`
    : "";
}

/** As `stateText`, but of an approval only the person: its reader hears of no later steps. */
export const decisionText = (facts: NoticeFacts): string =>
  facts.state === "approved" ? byWhom(facts) : stateText(facts);

/** Why it ended before its time. */
const earlyEnd = ({ outcome }: NoticeFacts) =>
  outcome === null || outcome.code === "expired" ? "" : outcome.detail;

const joined = (...sentences: readonly string[]) =>
  sentences
    .filter((sentence) => sentence !== "")
    .map(ended)
    .join(" ");

/** Why an approver is asked, and who else can decide. */
export function askedText({ stillNeeded }: NoticeFacts, person: string): string {
  const own = stillNeeded.filter(({ people }) => people.includes(person));
  if (own.length === 0) return "";
  const others = [...new Set(own.flatMap(({ people }) => people))].filter(
    (name) => name !== person,
  );
  const asked = own.flatMap(({ second, groups: all }) =>
    second?.people.includes(person) ? second.groups : all,
  );
  const groups = listed([...new Set(asked)], "or");
  const also = others.length === 0 ? "nobody else can" : `${listed(others, "and")} can too`;
  return `You can approve for ${groups}; ${also}.`;
}

/** For whom a delegate is asked, and who else can decide. */
export function delegatedText(
  { stillNeeded }: NoticeFacts,
  delegators: readonly AskedFor[],
): string {
  if (delegators.length === 0) return "You are no longer asked to decide on this.";
  const names = delegators.map(({ person }) => person);
  const others = [...new Set(stillNeeded.flatMap(({ people }) => people))];
  return `You are asked for ${listed(names, "and")}, who delegated to you. ${listed(others, "and")} can decide too.`;
}

const isInSecond = ({ second }: StillNeeded, person: string) =>
  second?.isAsked === true && second.people.includes(person);

/** Why somebody of a second circle is asked now; empty for everyone else. */
export const escalatedText = ({ stillNeeded }: NoticeFacts, person: string): string =>
  stillNeeded.some((need) => isInSecond(need, person))
    ? "Nobody approved in time, so you are asked too."
    : "";

/** The text that asks approvers again, in the thread of the message about the request. */
export function promptText(facts: NoticeFacts, isEscalation: boolean): string {
  const second = [
    ...new Set(
      facts.stillNeeded.flatMap((need) => (need.second?.isAsked ? need.second.people : [])),
    ),
  ];
  const are = second.length === 1 ? "is" : "are";
  const why = isEscalation
    ? `Nobody approved in time, so ${listed(second, "and") || "others"} ${are} asked too.`
    : `${askerText(facts)} still waits for a decision.`;
  return joined(why, stateText(facts));
}

export const reasonText = (reason: string): string => `Reason: ${reason}`;

export const evidenceText = (id: string): string => `Evidence: timelatch show ${id}`;

/** Over a break-glass message, so that nobody overlooks it. Its reader may have been skipped. */
export const breakGlassHeader = ({ requester, cluster }: NoticeFacts): string =>
  `BREAK-GLASS: ${requester} on ${cluster}`;
export const SKIPPED = "You would have been asked to approve this.";

/** The people who would have been asked; empty where an ordinary rule lends nothing of it. */
export const skippedText = ({ breakGlassReview }: NoticeFacts): string =>
  breakGlassReview === undefined || breakGlassReview.skipped.length === 0
    ? ""
    : `Skipped: ${breakGlassReview.skipped.join(", ")} would have been asked to approve this.`;

/** The people who look at a break-glass afterwards, or did. */
export function reviewText({ breakGlassReview, requestId, state }: NoticeFacts): string {
  const review = breakGlassReview?.review;
  if (!review) return "";
  const { by, closed } = review;
  return closed
    ? `Reviewed by ${closed.person}: ${closed.note}`
    : `${listed(by, "or")} must review it${isFinal(state) ? "" : " once it is over"}: timelatch review ${requestId} --close`;
}

/** The text that reminds reviewers, in the thread of a message about the break-glass. */
export const reviewPromptText = (isOverdue: boolean): string =>
  isOverdue
    ? "The review of this break-glass is overdue."
    : "Nobody has reviewed this break-glass yet.";

export const CANNOT_WAIT =
  "If it cannot wait, break the glass: access comes at once, everyone asked hears of it, and somebody reviews it.";
/** To the owners of a machine. */
export const OWNED = "You own this machine, and may end its access.";
export const ENDS_SOON = "Your access ends soon. Save your work, or return it now.";

/** Labels before an instant. */
export const WHEN = {
  lapses: "Lapses",
  reviewDue: "Review due",
  wouldLast: "Would last until",
  delegated: "Delegated to you until",
  delegatedFirst: "The first of them delegated until",
  later: "The later ones are asked",
  starts: "Starts",
  until: "Until",
  extended: "An extension was approved until",
  removedBy: "To be gone by",
  gone: "Read back as gone",
  ended: "Ended",
} as const;
