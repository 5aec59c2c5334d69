/** Live grants for those who watch them. */

import { describeAccess } from "../../shared/domain/entries/access.ts";
import { secondsBetween } from "../../shared/domain/values/instant.ts";
import type { RequestAnswer } from "../../shared/http/contract/answers.ts";
import type { Column } from "../terminal/table.ts";
import { visible } from "../terminal/visible-text.ts";
import { styleOf, termsText, whenText } from "./request-text.ts";
import { clockText, fullTime, shortTime } from "./time-text.ts";

/** From here on somebody should come to an end. */
const SOON_SECONDS = 300;

/** What is counted down to: access is sure until `revokeAt`, and a later start is waited for. */
function target({ state, startsAt, revokeAt }: RequestAnswer, now: string): string | undefined {
  if (state === "approved") return startsAt !== null && startsAt > now ? startsAt : undefined;
  return state === "active" && revokeAt !== null ? revokeAt : undefined;
}

function leftText(grant: RequestAnswer, now: string): string {
  const instant = target(grant, now);
  if (instant === undefined) return "";
  const clock = clockText(secondsBetween(now, instant));
  return grant.state === "approved" ? `starts in ${clock}` : clock;
}

/** The columns of the live grants, as seen at `now`. */
export const grantColumns = (now: string): readonly Column<RequestAnswer>[] => [
  { title: "STATE", text: ({ state }) => visible(state), style: ({ state }) => styleOf(state) },
  {
    title: "LEFT",
    text: (grant) => leftText(grant, now),
    style: (grant) => {
      const instant = grant.state === "active" ? target(grant, now) : undefined;
      return instant !== undefined && secondsBetween(now, instant) < SOON_SECONDS
        ? "yellow"
        : undefined;
    },
  },
  {
    title: "GONE BY",
    text: ({ expiresAt }) => (expiresAt === null ? "" : shortTime(expiresAt, now)),
  },
  { title: "WHO", text: ({ requester }) => visible(requester), least: 6 },
  { title: "CLUSTER", text: ({ cluster }) => visible(cluster), least: 7 },
  { title: "ACCESS", text: ({ access }) => visible(describeAccess(access)), least: 30, folds: 2 },
  { title: "ID", text: ({ id }) => visible(id), folds: 1 },
];

/** What ends first comes first, and what has no end yet last. */
export function byEnd(a: RequestAnswer, b: RequestAnswer): number {
  const [first, second] = [orderOf(a), orderOf(b)];
  return first < second ? -1 : first > second ? 1 : 0;
}

/** Compared as code units, in which the order of instants is that of their text. */
const orderOf = ({ revokeAt, id }: RequestAnswer) => `${revokeAt ?? "later"} ${id}`;

/** A change on one line: when it was seen, what the grant is now, whose it is. */
export function changeText(grant: RequestAnswer, now: string): string {
  const when = whenText(grant, now);
  return `${fullTime(now)}  ${visible(grant.state)}${when === "" ? "" : ` (${when})`}: ${visible(grant.requester)}, ${termsText(grant)}  ${visible(grant.id)}`;
}
