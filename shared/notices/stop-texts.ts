/** Texts about a suspension, a drain, and their ends. Each medium lays them out. */
import type { NoticeFacts } from "../domain/notices/notice.ts";
import type { StopFacts } from "../domain/notices/stop-facts.ts";
import { liftClause } from "../domain/stops/lifters.ts";
import type { StopType } from "../domain/stops/stops.ts";
import { ended, listed } from "./sentence-parts.ts";

/** Over the message to the alarm channel. */
export const STOP_HEADERS: Readonly<Record<StopType, string>> = {
  suspend: "A person was suspended",
  lift: "A suspension was lifted",
  drain: "TIMELATCH WAS DRAINED",
  undrain: "The drain was lifted",
};

const DONE: Readonly<Record<StopType, (by: string, person: string) => string>> = {
  suspend: (by, person) => `${by} suspended ${person}.`,
  lift: (by, person) => `${by} lifted the suspension of ${person}.`,
  drain: (by) => `${by} drained Timelatch: nobody is lent anything.`,
  undrain: (by) =>
    `${by} lifted the drain: Timelatch lends again to everyone who is not suspended.`,
};

const MEANS: Readonly<Record<StopType, string>> = {
  suspend:
    "All that Timelatch lends to them is being removed; standing access stays. What they ask or decide is refused, and their approvals do not count.",
  lift: "Unless the broker is drained, they ask and decide again. Access that ended has to be asked for again.",
  drain:
    "All that Timelatch lends is being removed; standing access stays. Requests and decisions are refused, break-glass included.",
  undrain: "Access that ended has to be asked for again.",
};

const MEANS_TO_YOU: Readonly<Partial<Record<StopType, string>>> = {
  suspend:
    "All that Timelatch lends to you is being removed; standing access stays. What you ask or decide is refused, and your approvals do not count.",
  lift: "Unless the broker is drained, you ask and decide again. Access that ended has to be asked for again.",
};

const DONE_TO_YOU: Readonly<Partial<Record<StopType, (by: string) => string>>> = {
  suspend: (by) => `${by} suspended you.`,
  lift: (by) => `${by} lifted your suspension.`,
};

/** @param isOwn whether the reader is the person whom it is about */
export const doneText = ({ type, actor, person }: StopFacts, isOwn: boolean): string =>
  (isOwn ? DONE_TO_YOU[type] : undefined)?.(actor) ?? DONE[type](actor, person ?? "everyone");

export const meansText = ({ type }: StopFacts, isOwn: boolean): string =>
  (isOwn ? MEANS_TO_YOU[type] : undefined) ?? MEANS[type];

/** Empty where no reason was given: a lift has no reason. */
export const stopReasonText = ({ reason }: StopFacts): string =>
  reason === "" ? "" : ended(`Reason: ${reason}`);

const LIFT: Readonly<Partial<Record<StopType, (person: string | null) => string>>> = {
  suspend: (person) => `timelatch suspend ${person} --lift`,
  drain: () => "timelatch drain --lift",
};

/** The people who can lift it, and how; empty for a lift. */
export function lifterText({ type, person, liftedBy }: StopFacts, isOwn: boolean): string {
  const command = LIFT[type]?.(person);
  if (command === undefined) return "";
  if (liftedBy.length === 0) return "No other admin can lift it: access.yaml has to name one more.";
  const who = listed(liftedBy, "or");
  return isOwn ? `Ask ${who} to lift it.` : `${who} can lift it: ${command}`;
}

/** On a message that asks for a decision; empty unless the requester is suspended. */
export const requesterSuspendedText = ({
  requester,
  suspended,
}: Pick<NoticeFacts, "requester" | "suspended">): string =>
  suspended === undefined
    ? ""
    : `${suspended.by} suspended ${requester}, so nobody decides on this now; ${liftClause({ ...suspended, mayLift: false })}.`;

/** The label before the instant. */
export const SINCE = "At";
