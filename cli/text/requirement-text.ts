/** The approvers of a requirement, in words. */
import type { Requirement } from "../../shared/domain/requests/request.ts";
import { formatDuration } from "../../shared/domain/values/duration.ts";
import { madeOnce } from "../../shared/domain/values/made-once.ts";
import { visible } from "../../shared/domain/values/visible-text.ts";
import { shortTime } from "./time-text.ts";

/** A requirement as an answer has it: with people where they are known, and a time of a request. */
interface Shown extends Requirement {
  readonly people?: readonly string[];
  readonly escalate?: NonNullable<Requirement["escalate"]> & {
    readonly people?: readonly string[];
    readonly askedFrom?: string;
  };
}

/**
 * `1 of payments-leads (bob, bella), and carol of sre`; people where they are known, not counted where everybody is
 * needed. A second circle follows with its time: `1 of leads (bob), after 15m also of sre (carol)`.
 *
 * @param now for requirements of a request: a second circle that is asked by now stands with the first
 */
export const requirementText = (requirements: readonly Shown[], now?: string): string =>
  requirements.length === 0
    ? "none: granted at once"
    : requirements.map((each) => oneText(each, now)).join(", and ");

/** The approvals that a request needed when it was asked: `one approval by payments-leads, and 2 approvals by sre`. */
export const approvalsText = (requirements: readonly Shown[]): string =>
  requirements
    .map((each) => {
      const { groups, count, escalate } = each;
      if (escalate) return `approval by ${oneText(each, undefined)}`;
      const approvals = count === 1 ? "one approval" : `${count} approvals`;
      return `${approvals} by ${groups.map(visible).join(" or ")}`;
    })
    .join(", and ");

function oneText(shown: Shown, now: string | undefined): string {
  const { groups, count, people, onCall, escalate } = shown;
  const all = escalate ? [...new Set([...groups, ...escalate.groups])] : groups;
  const from = escalate?.askedFrom;
  if (!escalate || (now !== undefined && from !== undefined && from <= now))
    return people?.length === count
      ? `${inWords(people)} of ${all.map(visible).join(" or ")}`
      : `${count} of ${circleText(all, people)}`;
  const first = people?.filter((name) => !escalate.people?.includes(name));
  const when =
    from === undefined || now === undefined
      ? `after ${formatDuration(escalate.afterSeconds)}`
      : `from ${shortTime(from, now)} on`;
  const by = onCall === undefined ? "" : `, first whoever is on call in ${visible(onCall)}`;
  return `${count} of ${circleText(groups, first)}${by}, ${when} also of ${circleText(escalate.groups, escalate.people)}`;
}

const names = madeOnce(() => new Intl.ListFormat("en-GB", { type: "conjunction" }));
const inWords = (people: readonly string[]) => names().format(people.map(visible));

const circleText = (groups: readonly string[], people: readonly string[] | undefined): string =>
  `${groups.map(visible).join(" or ")}${people === undefined ? "" : peopleText(people)}`;

const peopleText = (people: readonly string[]) =>
  ` (${people.length === 0 ? "nobody at present" : people.map(visible).join(", ")})`;
