/** The rows of a cluster's time line: one for each person or principal, with bars, marks and shades. */

import { findingWords, principalOf } from "../../../cli/text/finding-text.ts";
import { principalText } from "../../../cli/text/standing-text.ts";
import {
  clusterInChain,
  happenedAt,
} from "../../../shared/domain/evidence/findings/finding-record.ts";
import { shortAsker } from "../../../shared/domain/requests/asker-text.ts";
import { POWERS, type Power } from "../../../shared/domain/standing/power.ts";
import { plusSeconds } from "../../../shared/domain/values/instant.ts";
import { visible } from "../../../shared/domain/values/visible-text.ts";
import type { FindingAnswer } from "../../../shared/http/contract/answers.ts";
import type {
  ClusterAnswer,
  StandingEntryAnswer,
} from "../../../shared/http/contract/cluster-answer.ts";
import type { GrantSummary } from "../../../shared/http/contract/grant-answer.ts";
import { type Bar, barOf } from "./bars.ts";
import type { Interval } from "./scale.ts";

/** A finding, at the time of its change. */
export interface Mark {
  readonly id: string;
  readonly at: string;
  readonly words: string;
  readonly isOpen: boolean;
}

/** Access that stood there when it was read. */
export interface Shade {
  readonly from: string;
  readonly to: string;
  readonly power: Power;
}

export interface Row {
  readonly key: string;
  /** The person, or the principal of somebody who asked for nothing. Visible text. */
  readonly who: string;
  readonly bars: readonly Bar[];
  readonly marks: readonly Mark[];
  readonly shades: readonly Shade[];
}

/** Everything that was read of a cluster. */
export interface Seen {
  readonly cluster: ClusterAnswer;
  readonly grants: readonly GrantSummary[];
  readonly findings: readonly FindingAnswer[];
  readonly entries: readonly StandingEntryAnswer[];
}

/** How long after it was read nobody knows whether it still stands. */
const KNOWN_SECONDS = 12 * 3_600;

/** Grants of the cluster, each once: those of the interval, and those that are open. */
export const grantsOn = (
  { name }: Pick<ClusterAnswer, "name">,
  lent: readonly GrantSummary[],
  open: readonly GrantSummary[],
): readonly GrantSummary[] => {
  const known = new Set(lent.map(({ id }) => id));
  return [...lent, ...open.filter(({ id, cluster }) => cluster === name && !known.has(id))];
};

/** The findings of a cluster. */
export const findingsOn = (
  { clusterArn }: Pick<ClusterAnswer, "clusterArn">,
  findings: readonly FindingAnswer[],
): readonly FindingAnswer[] => findings.filter(({ chain }) => clusterInChain(chain) === clusterArn);

/** The rows with something in the interval: people first, each in the order of their names. @param now ISO 8601 UTC */
export function rowsOf(
  { cluster, grants, findings, entries }: Seen,
  interval: Interval,
  now: string,
): readonly Row[] {
  const people = new Map([
    ...entries.flatMap(({ principalArn, people: [holder, ...others] = [] }) =>
      holder === undefined || others.length > 0 ? [] : [[principalArn, holder] as const],
    ),
    ...grants.map((grant) => [grant.principalArn, shortAsker(grant)] as const),
  ]);
  const rows = new Map<string, Required<Drafted>>();
  const rowOf = (principal: string | null, person = people.get(principal ?? "")) => {
    const key = person === undefined ? `principal ${principal}` : `person ${person}`;
    const who = person === undefined ? principalWords(principal, cluster) : visible(person);
    const row = rows.get(key) ?? { key, who, bars: [], marks: [], shades: [] };
    rows.set(key, row);
    return row;
  };
  for (const grant of grants) {
    const bar = barOf(grant, now);
    if (bar && isIn(interval, bar.from, bar.until))
      rowOf(grant.principalArn, shortAsker(grant)).bars.push(bar);
  }
  for (const finding of findings) {
    const mark = markOf(finding);
    if (isIn(interval, mark.at, mark.at)) rowOf(principalOf(finding)).marks.push(mark);
  }
  for (const entry of entries) {
    const shade = shadeOf(entry, now);
    if (isIn(interval, shade.from, shade.to)) rowOf(entry.principalArn).shades.push(shade);
  }
  return [...rows.values()].toSorted(byKind);
}

/** The principal, or that CloudTrail's event names no one. Visible text. */
export const principalWords = (
  principal: string | null,
  cluster: Pick<ClusterAnswer, "clusterArn">,
): string => (principal === null ? "unknown" : principalText(principal, cluster));

interface Drafted extends Row {
  readonly bars: Bar[];
  readonly marks: Mark[];
  readonly shades: Shade[];
}

export const isIn = ({ from, to }: Interval, start: string, end: string): boolean =>
  start < to && end >= from;

const byKind = (a: Row, b: Row): number =>
  kindOf(a) - kindOf(b) || powerOf(a) - powerOf(b) || (a.who < b.who ? -1 : 1);

/** People who were lent something, then findings about others, then what only stands there. */
const kindOf = ({ bars, marks }: Row): number => (bars.length > 0 ? 0 : marks.length > 0 ? 1 : 2);

const powerOf = (row: Row): number =>
  kindOf(row) === 2 ? Math.min(...row.shades.map(({ power }) => POWERS.indexOf(power))) : 0;

const markOf = (finding: FindingAnswer): Mark => ({
  id: finding.findingId,
  at: happenedAt(finding),
  words: findingWords(finding),
  isOpen: finding.state === "open",
});

/** Standing access, as long as its reading says it. */
export function shadeOf({ power, readAt }: StandingEntryAnswer, now: string): Shade {
  const known = plusSeconds(readAt, KNOWN_SECONDS);
  return {
    from: readAt,
    to: known < now ? known : now,
    // A later release of the API may know other powers.
    power: POWERS.includes(power) ? power : "unknown",
  };
}
