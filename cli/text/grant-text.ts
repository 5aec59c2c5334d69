/** Live grants, for `timelatch watch`. */

import { describeAccess } from "../../shared/domain/requests/access-text.ts";
import { shortAsker } from "../../shared/domain/requests/asker-text.ts";
import { secondsBetween } from "../../shared/domain/values/instant.ts";
import { visible } from "../../shared/domain/values/visible-text.ts";
import type { RequestSummary } from "../../shared/http/contract/answers.ts";
import type { Column } from "../terminal/table.ts";
import { extendsColumn, idsOf, styleOf, termsText, whenText } from "./request-text.ts";
import { shortIds } from "./short-ids.ts";
import { clockText, fullTime, shortTime } from "./time-text.ts";

/** Less time than this is shown in yellow. */
const SOON_SECONDS = 300;

/** The instant to count down to: the end of access (`revokeAt`), or a start that is still to come. */
function target({ state, startsAt, revokeAt }: RequestSummary, now: string): string | undefined {
  if (state === "approved") return startsAt !== null && startsAt > now ? startsAt : undefined;
  return state === "active" && revokeAt !== null ? revokeAt : undefined;
}

function leftText(grant: RequestSummary, now: string): string {
  const instant = target(grant, now);
  if (instant === undefined) return "";
  const clock = clockText(secondsBetween(now, instant));
  return grant.state === "approved" ? `starts in ${clock}` : clock;
}

/** The columns of the live grants, as seen at `now`. */
export function grantColumns(
  now: string,
  grants: readonly RequestSummary[],
): readonly Column<RequestSummary>[] {
  const short = shortIds(idsOf(grants));
  return [
    { title: "ID", text: ({ id }) => visible(short.get(id) ?? id) },
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
    { title: "WHO", text: (request) => visible(shortAsker(request)), least: 6 },
    { title: "CLUSTER", text: ({ cluster }) => visible(cluster), least: 7 },
    { title: "ACCESS", text: ({ access }) => visible(describeAccess(access)), least: 30, folds: 2 },
    ...extendsColumn(grants, short),
  ];
}

/** Sorts by end: the earliest first, and what has no end yet last. */
export function byEnd(a: RequestSummary, b: RequestSummary): number {
  const [first, second] = [orderOf(a), orderOf(b)];
  return first < second ? -1 : first > second ? 1 : 0;
}

/** As text: the order of ISO 8601 instants is the order of their code units. */
const orderOf = ({ revokeAt, id }: RequestSummary) => `${revokeAt ?? "later"} ${id}`;

/** A change on one line: when it was seen, the new state, and whose grant it is. */
export function changeText(grant: RequestSummary, now: string): string {
  const when = whenText(grant, now);
  return `${fullTime(now)}  ${visible(grant.state)}${when === "" ? "" : ` (${when})`}: ${visible(shortAsker(grant))}, ${termsText(grant)}  ${visible(grant.id)}`;
}
