/** The parts of an interval of which the list of grants says nothing. */
import { earliest, latest } from "../../../shared/domain/values/instant.ts";
import type { GrantList, GrantSummary } from "../../../shared/http/contract/grant-answer.ts";
import type { Interval } from "./scale.ts";

/**
 * Grants that began there may be missing: before the first one that this release approved, and after the last one that
 * was read of a list that goes on.
 *
 * @param pages the first pages of the list, in its order @param now ISO 8601 UTC
 */
export function unknownIn(
  pages: readonly GrantList[],
  { from, to }: Interval,
  now: string,
): readonly Interval[] {
  const end = now < to ? now : to;
  const since = earliest([pages[0]?.since ?? end, end]) ?? end;
  const cut = cutOf(pages) ?? end;
  return [
    ...(since > from ? [{ from, to: since }] : []),
    ...(cut < end && since < end ? [{ from: latest([cut, from, since]) ?? from, to: end }] : []),
  ];
}

/** The start of the last grant that was read, where the list goes on. */
export function cutOf(pages: readonly GrantList[]): string | undefined {
  if (pages.at(-1)?.next === undefined) return undefined;
  const last = pages.flatMap(({ requests }) => requests).at(-1);
  return last ? startOf(last) : "";
}

/** The list is in the order of these. */
const startOf = ({ approvedAt, startsAt, createdAt }: GrantSummary): string => {
  const approved = approvedAt ?? createdAt;
  return startsAt !== null && startsAt > approved ? startsAt : approved;
};
