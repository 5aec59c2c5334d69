/** Texts of App Home. */
import type { Delegation } from "../../domain/delegations/delegation.ts";
import type { Stop, Stopped } from "../../domain/stops/stops.ts";
import { DELEGATED } from "../../notices/delegation-texts.ts";
import { utcText } from "../../notices/utc-text.ts";

/** The parts of App Home: heading, what stands there where there is nothing, and the command that lists all. */
export const HOME = {
  mine: ["My grants and requests", "You have no open grant and no open request.", "timelatch list"],
  waiting: ["Waiting for me", "Nothing waits for your decision.", "timelatch list --to-approve"],
  reviews: ["To review", "", "timelatch review"],
  recent: ["Recent", "Nothing yet.", "timelatch list"],
  delegations: [
    "Delegations",
    "timelatch delegate makes one, and timelatch delegations end ends one.",
    "timelatch delegations",
  ],
  stops: [
    "Suspended",
    "timelatch suspend stops a person, and lifts it with --lift; timelatch drain stops everybody.",
    "timelatch suspensions",
  ],
} as const;

/** In place of an empty list, if older entries were not read. */
export const HOME_CUT = (command: string): string =>
  `Nothing among the newest, and older ones were not read: ${command}`;

/**
 * A delegation to or from somebody: what it lets them do, and from or until when.
 *
 * @param now ISO 8601 UTC
 */
export function delegationLine({ by, to, from, until }: Delegation, name: string, now: string) {
  const isComing = from > now;
  const may = isComing ? "will be able to" : "may";
  const text = by === name ? `${to} ${may} approve for you.` : `You ${may} approve for ${by}.`;
  return isComing
    ? { text, word: DELEGATED.from, at: from }
    : { text, word: DELEGATED.until, at: until };
}

/** Enough to know it by. */
const MOST_REASON = 100;

/** A line for a drain, and one for each person who is suspended, the newest first. */
export function stopLines({ people, drain }: Stopped): readonly string[] {
  const said = (who: string, { by, at, reason }: Stop) =>
    `${who}: since ${utcText(at)}, by ${by}${reason === "" ? "" : `: ${reason.slice(0, MOST_REASON)}`}`;
  const newest = Object.entries(people).toSorted(([, a], [, b]) => (a.at < b.at ? 1 : -1));
  return [
    ...(drain ? [said("Everybody, by a drain", drain)] : []),
    ...newest.map(([name, stop]) => said(name, stop)),
  ];
}
