/** The words for who is on call, for people. */
import type { OnCallFact } from "../../shared/domain/facts/on-call.ts";
import type { OnCallNow } from "../../shared/domain/policy/on-call-now.ts";
import { visible } from "../../shared/domain/values/visible-text.ts";
import type { Fact } from "../terminal/facts.ts";
import { fullTime } from "./time-text.ts";

/** `on call in primary until 2026-12-01 08:00 UTC, by an override` */
export const onCallText = ({ onCall, until, byOverride }: OnCallFact): string =>
  `on call in ${visible(onCall)} until ${fullTime(until)}${byOverride ? ", by an override" : ""}`;

/** The fact that a request or a dry run leans on. */
export const leanFacts = (
  onCall: OnCallFact | undefined,
  endsWithShift = false,
): readonly Fact[] =>
  onCall === undefined
    ? []
    : [
        [
          "On call",
          `${onCallText(onCall)}${endsWithShift ? "; access ends then at the latest" : ""}`,
        ],
      ];

/** For whom a rule is, where that is whoever is on call. An older API says nothing of it. */
export function shiftFacts(
  { onCall, endsWithShift }: { readonly onCall?: string; readonly endsWithShift?: true },
  known: readonly OnCallNow[] = [],
): readonly Fact[] {
  if (onCall === undefined) return [];
  const now = known.find(({ schedule }) => schedule === onCall);
  return [
    ["On call", `for whoever is in ${visible(onCall)}${now ? `: ${nowText(now)}` : ""}`],
    ...(endsWithShift ? [["Ends", "with the shift at the latest"] as const] : []),
  ];
}

/** Somebody on call whom nobody of the file is. */
export const unnamedText = (id: string): string => `${visible(id)}, an id of nobody in access.yaml`;

/** An older API does not say whether somebody else is on call. */
export const nobodyText = ({ unnamed }: Pick<OnCallNow, "unnamed">): string =>
  unnamed === undefined ? "nobody of access.yaml" : "nobody";

/** `bob until 2026-12-01 08:00 UTC`, `nobody at present`, or that it is not known. */
function nowText(now: OnCallNow): string {
  const { people, unnamed = [], you, unknown } = now;
  const named = people.map(({ person, until }) => `${visible(person)} until ${fullTime(until)}`);
  const others = unnamed.map(unnamedText);
  if (named.length > 0)
    return `${[named.join(", "), ...others].join("; ")}${you === "yes" ? "" : "; you are not"}`;
  if (others.length > 0) return others.join("; ");
  if (!unknown) return `${nobodyText(now)} at present`;
  return `not known${unknown.since === null ? "" : ` since ${fullTime(unknown.since)}`} (${visible(unknown.why)})`;
}
