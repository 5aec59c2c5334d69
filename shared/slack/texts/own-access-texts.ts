/** A person's access now, in App Home: no more than the tables know. */
import { GROUPS } from "../../domain/entries/access.ts";
import { STANDING_ACCESS } from "../../domain/requests/end-text.ts";
import { accessPolicyName } from "../../domain/values/arn.ts";
import { utcText } from "../../notices/utc-text.ts";
import type { OwnAccess } from "../../usecases/access/own-access.ts";

export const OWN_ACCESS = { title: "What you can do now" } as const;

type Line = OwnAccess["access"][number];

/** `AmazonEKSEditPolicy in payments-api on prod` @param cluster its name in `access.yaml` */
export function accessLine({ target, elements, by }: Line, cluster: string): string {
  const names = (prefix: string) =>
    elements.flatMap((each) => (each.startsWith(prefix) ? each.slice(prefix.length) : []));
  const where = elements.includes("cluster")
    ? `on all of ${cluster}`
    : `in ${names("ns/").join(", ")} on ${cluster}`;
  const what =
    target === GROUPS
      ? `Kubernetes groups ${names("group/").join(", ")} on ${cluster}`
      : `${accessPolicyName(target)} ${where}`;
  return by === null ? `${what}, by a grant of somebody else` : what;
}

/** The word before an instant, and the instant, if there is one. */
export interface When {
  readonly word: string;
  readonly at?: string;
}

export function whenOf({ state, from, until, asOf, by }: Line): When {
  const dated = (word: string, at: string | null): When => (at === null ? { word } : { word, at });
  if (by === STANDING_ACCESS) return dated("Standing access, as read", asOf);
  if (state === "coming") return dated("From", from);
  if (state === "may-be-there") return dated("Being added, until", until);
  if (state === "there") return dated("Until", until);
  return until === null
    ? { word: "Overdue: not read back as gone" }
    : { word: "Being removed, to be gone by", at: until };
}

/** How many clusters are named. */
const MOST_NAMED = 5;

/**
 * The notes beneath: what is left out, and what is not known.
 *
 * @param more lines that were left out
 */
export function ownAccessNotes(
  { access, unread, standingAsOf, leftOut }: OwnAccess,
  more: number,
  nameOf: (clusterArn: string) => string,
): readonly string[] {
  const unknown = [...new Set(unread.map(({ clusterArn }) => nameOf(clusterArn)))];
  const others = unknown.length - MOST_NAMED;
  const named = `${unknown.slice(0, MOST_NAMED).join(", ")}${others > 0 ? ` and ${others} more` : ""}`;
  // An entry that was left out may be there.
  const isWhole = leftOut === 0;
  const isStanding = access.some(({ by }) => by === STANDING_ACCESS);
  const isKnown = standingAsOf !== null && unread.length === 0 && (isWhole || isStanding);
  return [
    ...(access.length === 0 && isWhole ? ["No grant gives you access now."] : []),
    ...(more > 0 ? [`And ${more} more: timelatch status has all.`] : []),
    ...(unknown.length > 0 ? [`Not known: standing access on ${named}.`] : []),
    ...(isKnown
      ? [
          `${isStanding ? "Standing access" : "No standing access"} as of ${utcText(standingAsOf)}, without what grants covered then.`,
        ]
      : []),
    ...(isWhole ? [] : [`Not looked at: ${leftOut} more access entries.`]),
    "aws-auth, RBAC and circuits are not read.",
  ];
}

/** More lines than this are counted: App Home and a terminal have all. */
const MOST_REMAINING = 5;

/** Says what something else still gives where one's own grant has just been ended; nothing where nothing is known. */
export function remainingLines(access: OwnAccess["access"], cluster: string): readonly string[] {
  if (access.length === 0) return [];
  const more = access.length - MOST_REMAINING;
  const lines = access.slice(0, MOST_REMAINING).map((each) => {
    const { word, at } = whenOf(each);
    return `${accessLine(each, cluster)}. ${at === undefined ? word : `${word} ${utcText(at)}`}.`;
  });
  return [
    "Something else still gives you access there:",
    ...lines,
    ...(more > 0 ? [`And ${more} more: timelatch status has all.`] : []),
  ];
}
