/** Everyone who can reach a cluster now, as far as anybody knows: through grants, and standing. */
import { describeAccess } from "../../shared/domain/requests/access-text.ts";
import { shortAsker } from "../../shared/domain/requests/asker-text.ts";
import { POWERS, type Power, powerOfPolicy } from "../../shared/domain/standing/power.ts";
import { secondsBetween } from "../../shared/domain/values/instant.ts";
import { visible } from "../../shared/domain/values/visible-text.ts";
import type { RequestSummary } from "../../shared/http/contract/answers.ts";
import type {
  ClusterAnswer,
  StandingEntryAnswer,
} from "../../shared/http/contract/cluster-answer.ts";
import type { ClusterStanding } from "../api/clusters.ts";
import { type Fact, renderFacts } from "../terminal/facts.ts";
import type { Stream } from "../terminal/screen.ts";
import { wrapLines } from "../terminal/text-layout.ts";
import { type AskedPerson, ofPerson, personText, verdictText } from "./reach-person-text.ts";
import { whenText } from "./request-text.ts";
import {
  AWS_AUTH,
  entryLines,
  failureText,
  holderText,
  POWER_WORDS,
  unreadText,
} from "./standing-text.ts";
import { awayText } from "./time-text.ts";

export interface ReachRow {
  readonly key: string;
  readonly power: Power;
  readonly who: string;
  /** The access, in words. */
  readonly access: string;
  /** `until 10:42`, or `standing, read 5m ago`. */
  readonly through: string;
  /** The id of a grant. */
  readonly id?: string;
}

/** Through these, access may exist. */
const LENT: ReadonlySet<string> = new Set(["approved", "active", "ending"]);

/** Most power first. @param now ISO 8601 UTC */
export const reachRows = (
  cluster: ClusterAnswer,
  grants: readonly RequestSummary[],
  standing: readonly StandingEntryAnswer[],
  now: string,
): readonly ReachRow[] =>
  byPower([
    ...grants
      .filter((grant) => isThere(grant, cluster))
      .map((grant) => grantRow(grant, whenText(grant, now))),
    ...standing.map((entry) => ofEntry(entry, cluster, awayText(entry.readAt, now))),
  ]);

/** Most power first; of one power, by name. */
export const byPower = (rows: readonly ReachRow[]): readonly ReachRow[] =>
  rows.toSorted((a, b) => POWERS.indexOf(a.power) - POWERS.indexOf(b.power) || byWho(a, b));

const isThere = ({ cluster, state }: RequestSummary, { name }: ClusterAnswer): boolean =>
  cluster === name && LENT.has(state);

const byWho = (a: ReachRow, b: ReachRow): number => (a.who < b.who ? -1 : 1);

/** @param through `until 10:42` */
export function grantRow(
  grant: Pick<RequestSummary, "id" | "access"> & Parameters<typeof shortAsker>[0],
  through: string,
): ReachRow {
  const { id, access } = grant;
  return {
    key: id,
    id,
    power: "groups" in access ? "unknown" : powerOfPolicy(access.policy),
    who: visible(shortAsker(grant)),
    access: visible(describeAccess(access)),
    through: `grant, ${through}`,
  };
}

/** A row of standing access. @param age of the entry's reading: `5m ago` */
export const ofEntry = (
  entry: StandingEntryAnswer,
  cluster: Pick<ClusterAnswer, "clusterArn" | "setup">,
  age: string,
): ReachRow => ({
  key: entry.principalArn,
  // A later release of the API may know other powers.
  power: POWERS.includes(entry.power) ? entry.power : "unknown",
  who: holderText(entry, cluster),
  access: entryLines(entry, cluster).join("; "),
  through: `standing, read ${age}`,
});

/** A cluster, with everything through which access may exist there. */
export interface ClusterReach extends ClusterStanding {
  readonly grants: readonly RequestSummary[];
}

/**
 * One cluster's list: how much of it is known and since when, then each with its power, most first.
 *
 * @param person whose part is shown; without it, everyone's
 */
export function reachText(
  reach: ClusterReach,
  now: string,
  out: Pick<Stream, "columns" | "paint">,
  person?: AskedPerson,
): string {
  const { cluster } = reach;
  const { grants, entries } = person ? ofPerson(reach, person) : reach;
  const rows = reachRows(cluster, grants, entries, now);
  const known = knownText(cluster, countsOf(rows, person), now);
  const head = person
    ? [verdictText({ grants, entries }, person, { when: "now" }), known, personText(reach, person)]
    : [known];
  return wrapLines(headText(cluster, head), out.columns) + reachFacts(rows, out);
}

/** @param texts about the list, the most important first: each begins a line */
export const headText = ({ name }: Pick<ClusterAnswer, "name">, texts: readonly string[]): string =>
  `${visible(name)}: ${texts.filter((text) => text !== "").join("\n")}\n`;

function countsOf(rows: readonly ReachRow[], person: AskedPerson | undefined) {
  const granted = rows.filter(({ id }) => id !== undefined).length;
  const isWhole = person === undefined || person.isNamed === true;
  const standing = isWhole ? `, ${rows.length - granted} standing` : "";
  return { granted, all: `${lentCount(granted)}${standing}` };
}

/** The rows, each with its power, who, how and what. */
export const reachFacts = (
  rows: readonly ReachRow[],
  out: Pick<Stream, "columns" | "paint">,
): string => renderFacts(rows.flatMap(factsOf), out);

const factsOf = ({ power, who, through, access }: ReachRow): readonly Fact[] => [
  [POWER_WORDS[power], `${who}: ${through}`],
  ["", access],
];

/** A reading is older than this only where readings fail: each cluster is read every six hours. */
const OLD_SECONDS = 12 * 3_600;

function knownText(
  cluster: ClusterAnswer,
  counts: { readonly granted: number; readonly all: string },
  now: string,
): string {
  const { standing, failure, setup } = cluster;
  const mode = setup?.cluster?.authenticationMode;
  const lines = standing
    ? [
        `${counts.all}.`,
        `Standing access was read ${awayText(standing.completedAt, now)}.`,
        ...(secondsBetween(standing.completedAt, now) > OLD_SECONDS
          ? ["Who got or lost some since is not known."]
          : []),
        ...(failure ? [failureText(failure, now)] : []),
      ]
    : [
        `${lentCount(counts.granted)}. Who has standing access is not known: ${unreadText(cluster, now)}`,
      ];
  return [...lines, ...(mode === undefined || mode === "API" ? [] : [AWS_AUTH[mode]])].join(" ");
}

/** `2 through grants` */
export const lentCount = (count: number): string =>
  `${count} through ${count === 1 ? "a grant" : "grants"}`;
