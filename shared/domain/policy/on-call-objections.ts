/** Objections of a rule that is for whoever is on call. */
import type { OnCall } from "../facts/on-call.ts";
import { judgementOf, type KnownOnCall } from "./known-on-call.ts";
import type { Member, Rule } from "./policy.ts";

/** Whether an objection is raised, and which. */
type OnCallCheck = readonly [boolean, "not-on-call" | "on-call-unknown", () => string];

/** Only *yes* raises none: unknown never lets anybody in. Pure. @param known undefined where nobody asked */
export function checksOfOnCall(
  rule: Rule,
  { name }: Pick<Member, "name">,
  known: KnownOnCall | undefined,
): readonly OnCallCheck[] {
  const found = judgementOf(rule, known);
  if (!found) return [];
  const lends = `${rule.name} is for whoever is on call in ${rule.who.onCall}`;
  if (found.is === "unknown")
    return [
      [true, "on-call-unknown", () => `${lends}. Whether ${name} is, is ${unknownText(found)}.`],
    ];
  return [[found.is === "no", "not-on-call", () => `${lends}, and ${name} is not.`]];
}

const WHY: Readonly<Record<Extract<OnCall, { is: "unknown" }>["why"], string>> = {
  unreachable: "its service does not answer",
  busy: "its service wants fewer calls",
  failing: "its service has errors",
  denied: "its service does not take our token",
  gone: "its service has no such schedule, or hides it",
  unclear: "its service's answer cannot be used",
  "no-id": "access.yaml has no id of theirs there",
  old: "nobody has read it since",
  "never-read": "it was not read yet",
};

/** Why it is unknown who is on call, in words. @param why a code; an unknown one is its own words */
export const whyNotKnown = (why: string): string =>
  Object.entries(WHY).find(([code]) => code === why)?.[1] ?? why;

/** In UTC, to the minute: a message is read in many places. */
const clock = (instant: string) => `${instant.slice(11, 16)} UTC`;

/** `not known since 02:14 UTC: its service does not answer`. */
const unknownText = ({
  why,
  since,
}: Pick<Extract<OnCall, { is: "unknown" }>, "why" | "since">): string =>
  `not known${since === null ? "" : ` since ${clock(since)}`}: ${WHY[why]}`;
