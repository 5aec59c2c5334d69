/** The time line as rows of a table: the same as in the drawing, and grants that never began. */

import type { Column } from "../../../cli/terminal/table.ts";
import { changeText, findingWords, principalOf } from "../../../cli/text/finding-text.ts";
import { entryLines, holderText, principalText } from "../../../cli/text/standing-text.ts";
import { shortTime } from "../../../cli/text/time-text.ts";
import { happenedAt } from "../../../shared/domain/evidence/findings/finding-record.ts";
import { shortAsker } from "../../../shared/domain/requests/asker-text.ts";
import { visible } from "../../../shared/domain/values/visible-text.ts";
import type { StandingEntryAnswer } from "../../../shared/http/contract/cluster-answer.ts";
import { accessWords } from "../../parts/access-words.ts";
import { barOf, powerOfGrant } from "./bars.ts";
import { isIn, principalWords, type Seen, shadeOf } from "./rows.ts";
import type { Interval } from "./scale.ts";

/** A line of the table. Its texts are visible. */
export interface Entry {
  readonly key: string;
  readonly who: string;
  readonly what: string;
  readonly power: string;
  /** ISO 8601 UTC, to sort by. */
  readonly at: string;
  readonly from: string;
  readonly to: string;
  /** The id of a grant. */
  readonly id?: string;
}

export const ENTRY_COLUMNS: readonly Column<Entry>[] = [
  { title: "WHO", text: ({ who }) => who },
  { title: "WHAT", text: ({ what }) => what },
  { title: "POWER", text: ({ power }) => power },
  { title: "FROM", text: ({ from }) => from },
  { title: "TO", text: ({ to }) => to },
];

/** In the order of their times. @param now ISO 8601 UTC */
export const entriesOf = (
  { cluster, grants, findings, entries }: Seen,
  interval: Interval,
  now: string,
): readonly Entry[] =>
  [
    ...grants.flatMap((grant) => ofGrant(grant, interval, now)),
    ...findings
      .filter((finding) => isWithin(interval, happenedAt(finding)))
      .map(
        (finding): Entry => ({
          key: finding.findingId,
          who: shortPath(principalWords(principalOf(finding), cluster)),
          what: `Finding, ${visible(finding.state)}: ${findingWords(finding)}. ${changeText(finding)}`,
          power: "",
          at: happenedAt(finding),
          from: shortTime(happenedAt(finding), now),
          to: "",
        }),
      ),
    ...entries
      .filter((entry) => isStanding(entry, interval, now))
      .map(
        (entry): Entry => ({
          key: entry.principalArn,
          who: shortHolder(entry, cluster),
          what: `Standing: ${entryLines(entry, cluster).join("; ")}`,
          power: visible(entry.power),
          at: entry.readAt,
          from: `read ${shortTime(entry.readAt, now)}`,
          to: "",
        }),
      ),
  ].toSorted((a, b) => (a.at < b.at ? -1 : 1));

/** `carol (role/…/timelatch-person-carol)`: a role's name is its own in the account, whatever its path. */
function shortHolder(entry: StandingEntryAnswer, cluster: Seen["cluster"]): string {
  const principal = principalText(entry.principalArn, cluster);
  return holderText(entry, cluster).replace(principal, () => shortPath(principal));
}

const shortPath = (principal: string): string =>
  principal.replace(/^((?:\d{12}:)?(?:role|user)\/).+(?=\/[^/]+$)/, "$1…");

function isStanding(entry: StandingEntryAnswer, interval: Interval, now: string): boolean {
  const { from, to } = shadeOf(entry, now);
  return isIn(interval, from, to);
}

const isWithin = ({ from, to }: Interval, at: string): boolean => from <= at && at < to;

function ofGrant(grant: Seen["grants"][number], interval: Interval, now: string): readonly Entry[] {
  const bar = barOf(grant, now);
  const at = bar?.from ?? grant.startsAt ?? grant.approvedAt ?? grant.createdAt;
  if (at >= interval.to || (bar ? bar.until : (grant.endedAt ?? at)) < interval.from) return [];
  const isToCome = bar !== undefined && bar.until > bar.to;
  const end = isToCome ? bar.until : bar?.to;
  return [
    {
      key: grant.id,
      id: grant.id,
      who: visible(shortAsker(grant)),
      what: `Grant, ${visible(grant.state)}${bar ? "" : ", never seen active"}: ${accessWords(grant.access)}${approvedText(grant)}`,
      power: powerOfGrant(grant),
      at,
      from: shortTime(at, now),
      to: end === undefined ? "" : `${isToCome ? "by " : ""}${shortTime(end, now)}`,
    },
  ];
}

/** An earlier release of the API names no approvers here. */
const approvedText = ({ approvedBy = [] }: Seen["grants"][number]): string =>
  approvedBy.length === 0 ? "" : `; approved by ${visible(approvedBy.join(" and "))}`;
