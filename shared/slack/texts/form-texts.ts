/** Every text of forms, windows and lists. */
import type { ActivitySummary } from "../../domain/evidence/activity/activity-summary.ts";
import { activityParts, NO_ACTIVITY } from "../../domain/evidence/activity/activity-text.ts";
import type { ApproversOf } from "../../domain/policy/approvers.ts";
import type { Need } from "../../domain/policy/needs.ts";
import { describeAccessOn, describeTerms } from "../../domain/requests/access-text.ts";
import type { ApprovedLess } from "../../domain/requests/approved-less.ts";
import { askerText } from "../../domain/requests/asker-text.ts";
import type { AccessRequest } from "../../domain/requests/request.ts";
import { formatDuration } from "../../domain/values/duration.ts";
import { listed, moreApprovals } from "../../notices/sentence-parts.ts";
import { utcText } from "../../notices/utc-text.ts";

/** A button, or a window's title, as it stands. */
export const LABELS = {
  window: "Timelatch",
  close: "Close",
  cancel: "Cancel",
  askTitle: "Ask for access",
  endAll: "End all",
  asked: "Asked",
  ask: "Ask",
  approveLess: "Approve for less",
  review: "Review",
  closeReview: "Close the review",
  deny: "Deny",
  escalate: "Break glass",
  extend: "Extend",
  extendTitle: "Extend your access",
  details: "Details",
  yourAccess: "Your access",
  sayWhy: "Say why.",
} as const;

/** The fields of the forms: to ask for access, to extend it, to approve for less, to deny, to review. */
export const FIELDS = {
  cluster: { label: "Cluster" },
  access: { label: "What you need" },
  namespaces: { label: "Namespaces", hint: "Names, separated by commas." },
  principal: { label: "For which of your roles" },
  duration: { label: "For how long" },
  longer: {
    label: "For how much longer",
    hint: "Such as 30m or 1h30m. Empty for what the rule says.",
  },
  reason: { label: "Why", hint: "Your approvers and auditors read it. Name the ticket." },
  lessNamespaces: {
    label: "Namespaces that remain",
    hint: "Take names out, or replace a pattern by names that it covers.",
  },
  lessNote: { label: "Note", hint: "The requester and the auditors read it." },
  reviewNote: {
    label: "What it was used for",
    hint: "Your note is kept for ever. The auditors read it.",
  },
  note: { label: "Why", hint: "The requester and the auditors read it." },
} as const;

/** @param askedSeconds what was asked for */
export const lessDurationHint = (askedSeconds: number): string =>
  `Such as 30m or 1h30m; ${formatDuration(askedSeconds)} was asked for.`;

/** @param longestSeconds what the rules for the cluster allow; undefined before one is chosen */
export const durationHint = (longestSeconds: number | undefined): string =>
  longestSeconds === undefined
    ? "Such as 90m or 1h30m."
    : `Such as 90m or 1h30m; ${formatDuration(longestSeconds)} at most. Empty for what the rule says.`;

/** The name of a choice of access. @param policy short, such as `Edit` */
export const policyChoice = (policy: string, isNamespaced: boolean): string =>
  `${policy} ${isNamespaced ? "in namespaces" : "on the whole cluster"}`;
export const groupsChoice = (groups: readonly string[]): string => `Groups ${groups.join(", ")}`;

/** The missing choice, at its field once somebody submits. */
export const CHOOSE = {
  cluster: "Choose a cluster.",
  access: "Choose what you need.",
} as const;

/** Stands in the place of the preview while fields are empty. */
export const NEXT = {
  cluster: "Choose a cluster to see what you can ask for.",
  access: "Choose what you need.",
  namespaces: "Name the namespaces, and press Enter there to see who approves.",
  reason: "You can ask for this. Say why above.",
} as const;

/** The result that a request would lead to. */
export const leadsText = (summary: string, seconds: number): string =>
  `${summary} for ${formatDuration(seconds)}.`;

/** @param approvers of each requirement, such as `1 of bob, carol` */
export const approvalText = (approvers: readonly string[]): string =>
  approvers.length === 0 ? "No approver is needed." : `Needs ${approvers.join(" and ")}.`;

/**
 * `1 of bob, carol`; with a second circle, `1 of bob, after 15m also of carol`. Where everybody is needed, `bob and
 * carol`.
 */
export function approversText({ count, people, onCall, escalate }: ApproversOf): string {
  const named = (names: readonly string[]) => names.join(", ") || "nobody at present";
  if (!escalate)
    return people.length === count ? people.join(" and ") : `${count} of ${named(people)}`;
  const first = people.filter((name) => !escalate.people.includes(name));
  const by = onCall === undefined ? "" : `, first whoever is on call in ${onCall}`;
  return `${count} of ${named(first)}${by}, after ${formatDuration(escalate.afterSeconds)} also of ${named(escalate.people)}`;
}

/** `You are on call in primary until 2026-12-01 08:00 UTC.` */
export const shiftText = (schedule: string, until: string, isEnd: boolean): string =>
  `You are on call in ${schedule} until ${until}.${isEnd ? " Access ends then at the latest." : ""}`;

/** `Its tracker is asked about PAY-123 first.` */
export const askedAboutText = (ticket: string): string =>
  `Its tracker is asked about ${ticket} first.`;

/** `1 of payments-leads (bob), later also of sre (carol)`; where everybody is needed, `bob of payments-leads` */
export function neededText({ count, groups, people, escalate }: Need): string {
  const circle = (names: readonly string[], members: readonly string[]) =>
    `${names.join(", ")} (${members.join(", ") || "nobody"})`;
  if (!escalate)
    return people.length === count
      ? `${people.join(" and ")} of ${groups.join(" or ")}`
      : `${count} of ${circle(groups, people)}`;
  const first = people.filter((name) => !escalate.people.includes(name));
  return `${count} of ${circle(groups, first)}, later also of ${circle(escalate.groups, escalate.people)}`;
}

/** `AmazonEKSEditPolicy in payments-api on prod` */
export const whatOf = ({ access, cluster }: AccessRequest): string =>
  describeAccessOn(access, cluster.name);

/** The outcome of a form or a command. */
export function askedLines(request: AccessRequest): readonly string[] {
  const isExtension = request.extends !== undefined;
  const what = `${whatOf(request)} for ${formatDuration(request.durationSeconds)}${isExtension ? " longer" : ""}`;
  if (request.state === "approved")
    return [
      `${what}: the policy approved it. Access is being ${isExtension ? "extended" : "added"}.`,
    ];
  return [
    `${what}: asked for. You get a message once it is decided.`,
    `At a terminal: timelatch show ${request.id}`,
  ];
}

export const denyText = (request: AccessRequest): string =>
  `${askerText(request)} asks for ${whatOf(request)}: ${request.reason}`;

/** Over the fields of the window that extends access. */
export const extendedAccessText = (grant: AccessRequest): string =>
  `You have ${whatOf(grant)}, by the rule ${grant.rule}.`;

/** Over the fields of the window that approves for less. */
export const lessAskedText = (request: AccessRequest): readonly string[] => [
  `${askerText(request)} asks for ${whatOf(request)} for ${formatDuration(request.durationSeconds)}: ${request.reason}`,
  "Take away what is not needed. Nothing can be added.",
];

/** Over the field of the window that closes a review. */
export const reviewAskedText = (
  request: AccessRequest,
  activity: ActivitySummary | null | undefined,
): readonly string[] => [
  `${askerText(request)} used break-glass for ${whatOf(request)}: ${request.reason}`,
  ...(activity === undefined ? [] : doneLines(activity)),
];

const doneLines = (activity: ActivitySummary | null): readonly string[] => {
  if (activity === null) return [`What was done: ${NO_ACTIVITY}`];
  const { head, counts, others } = activityParts(activity, utcText);
  return [`What was done: ${head}`, ...counts, ...others];
};

/** More of it stands in Details. */
const MOST_IN_LIST = { what: 300, reason: 200 };

/** One request in a list: what it is, and why. */
export const listedLines = (request: AccessRequest): readonly string[] => [
  `${askerText(request)}: ${whatOf(request).slice(0, MOST_IN_LIST.what)}, ${formatDuration(request.durationSeconds)}, ${request.state}`,
  request.reason.slice(0, MOST_IN_LIST.reason),
];

/** The approvals of a request that needs others too. @param open how many */
export const underWayText = (approvers: readonly string[], open: number): string =>
  `Approved by ${listed(approvers, "and")}. It waits for ${moreApprovals(open)}.`;

/** @param command that lists all @param isCut whether there may be more than that */
export const moreText = (count: number, command = "timelatch list", isCut = false): string =>
  `And ${isCut ? "at least " : ""}${count} more: ${command} has all.`;

/** Labels before an instant in a list. */
export const LISTED_UNTIL = {
  pending: "Lapses",
  approved: "Ends",
  active: "Ends",
} as const;

/** The names of facts in Details. */
export const FACTS = {
  state: "State",
  requester: "Requester",
  principal: "Principal",
  access: "Access",
  cluster: "Cluster",
  duration: "Duration",
  less: "Approved for less",
  reason: "Reason",
  rule: "Rule",
  approvedBy: "Approved by",
  stillNeeded: "Still needed",
  askedLater: "Those later ones are asked",
  outcome: "Outcome",
  id: "Id",
  digest: "Digest",
  ends: "Ends",
  extends: "Extends",
  until: "Would last until",
  extendedBy: "Extended by",
  terminal: "At a terminal",
} as const;

/** `bob: AmazonEKSEditPolicy in payments-api for 30m, in place of …` */
export const lessFactText = ({ by, before, after }: ApprovedLess): string =>
  `${by}: ${describeTerms(after)}, in place of ${describeTerms(before)}`;

/** Stands in Details where a fact is empty. */
export const NO_FACT = {
  approvedBy: "nobody",
  stillNeeded: "nothing",
  outcome: "none yet",
} as const;
