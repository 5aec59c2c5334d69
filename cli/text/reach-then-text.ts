/** Everyone who could reach a cluster at an instant of the past, and what nobody knows of then. */
import { happenedAt } from "../../shared/domain/evidence/findings/finding-record.ts";
import type { StateThen } from "../../shared/domain/requests/grant-then.ts";
import type { UnknownThen } from "../../shared/domain/standing/standing-then.ts";
import { secondsBetween } from "../../shared/domain/values/instant.ts";
import { visible } from "../../shared/domain/values/visible-text.ts";
import type { ClusterAnswer } from "../../shared/http/contract/cluster-answer.ts";
import type { GrantThenAnswer, ReachAnswer } from "../../shared/http/contract/reach-answer.ts";
import { type Fact, renderFacts } from "../terminal/facts.ts";
import type { Stream } from "../terminal/screen.ts";
import { wrapLines } from "../terminal/text-layout.ts";
import { changeText, findingWords } from "./finding-text.ts";
import { type AskedPerson, ofPerson, personText, verdictText } from "./reach-person-text.ts";
import {
  byPower,
  grantRow,
  headText,
  lentCount,
  ofEntry,
  type ReachRow,
  reachFacts,
} from "./reach-text.ts";
import { AWS_AUTH, principalText } from "./standing-text.ts";
import { fullTime, shortTime, spanText } from "./time-text.ts";

/** The part of an answer that is shown; an archive has no more of the cluster. */
export interface ReachShown extends Omit<ReachAnswer, "cluster" | "next"> {
  readonly cluster: Pick<ClusterAnswer, "name" | "clusterArn" | "setup">;
}

/** Most power first. */
export const reachThenRows = ({ at, cluster, grants, entries }: ReachShown): readonly ReachRow[] =>
  byPower([
    ...grants.map((grant) => grantRow(grant, throughText(grant, at))),
    ...entries.map((entry) => ofEntry(entry, cluster, beforeText(entry.readAt, at))),
  ]);

/** `2h3m before`; an entry is read before its reading is complete. */
const beforeText = (instant: string, at: string): string =>
  `${spanText(secondsBetween(instant, at))} before`;

/** Its state then, and what followed, by reads of EKS. */
function throughText(grant: GrantThenAnswer, at: string): string {
  const { effectiveAt, goneAt, revokeAt } = grant;
  const time = (instant: string) => shortTime(instant, at);
  const texts: Readonly<Record<StateThen, () => string>> = {
    active: () =>
      `active since ${effectiveAt ? time(effectiveAt) : "then"}, ${goneAt ? `over at ${time(goneAt)}` : `to end at ${revokeAt ? time(revokeAt) : "an unknown time"}`}`,
    ending: () =>
      goneAt
        ? `its end had begun, over at ${time(goneAt)}`
        : "its end had begun, and no read has shown it over to this day",
    approved: () =>
      effectiveAt
        ? `its access was being added, and EKS first showed it at ${time(effectiveAt)}`
        : "approved, and no read has ever shown its access",
    unknown: () => "on record, and its audit events do not bear out what it was then",
  };
  // A later release of the API may know other states.
  return Object.hasOwn(texts, grant.state) ? texts[grant.state]() : visible(grant.state);
}

/** A terminal has no link to the grant. */
const withId = (row: ReachRow): ReachRow =>
  row.id === undefined ? row : { ...row, access: `${row.access}, grant ${visible(row.id)}` };

/**
 * One cluster's list: what is known of then, each with its power, and findings around it.
 *
 * @param person whose part is shown; without it, everyone's
 */
export function reachThenText(
  reach: ReachShown,
  now: string,
  out: Pick<Stream, "columns" | "paint">,
  person?: AskedPerson,
): string {
  const { cluster, findings } = reach;
  const shown = person ? ofPerson(reach, person) : reach;
  const known = [countsText(shown, person), ...unknownTexts(reach, now)];
  const head = person
    ? [verdictText(shown, person, { when: "then" }), ...known, personText(reach, person)]
    : known;
  const facts = findings.map(
    (finding): Fact => [
      findingWords(finding),
      `${shortTime(happenedAt(finding), reach.at)}: ${changeText(finding)}`,
    ],
  );
  return (
    wrapLines(headText(cluster, head), out.columns) +
    reachFacts(reachThenRows(shown).map(withId), out) +
    (facts.length === 0
      ? ""
      : `\n${out.paint("dim", "Findings from an hour before to an hour after")}\n${renderFacts(facts, out)}`)
  );
}

/** `1 through a grant, 2 standing by the reading of 10:00 UTC, 2h before`. */
export function countsText(
  { grants, entries, standing, at }: ReachShown,
  person?: AskedPerson,
): string {
  if (!standing.reading || (person && person.isNamed !== true))
    return `${lentCount(grants.length)}.`;
  const { completedAt } = standing.reading;
  return `${lentCount(grants.length)}, ${entries.length} standing by the reading of ${shortTime(completedAt, at)}, ${beforeText(completedAt, at)}.`;
}

/** Changes of the last minutes may not be in CloudTrail yet. */
const LATE_SECONDS = 3_600;

/** Everything about the instant that nobody knows, a sentence each. */
export function unknownTexts(reach: ReachShown, now: string): readonly string[] {
  const { at, since, startedFrom, leftOut, cluster } = reach;
  const mode = cluster.setup?.cluster?.authenticationMode;
  return [
    ...standingText(reach),
    ...(since === null
      ? [
          "No grant is in the list there yet. Grants that an earlier release approved are not in it.",
        ]
      : since > startedFrom
        ? [
            `The list of grants begins at ${fullTime(since)}. Grants that an earlier release approved are not in it.`,
          ]
        : []),
    ...(leftOut === 0
      ? []
      : leftOut === 1
        ? ["One entry of the list of grants has no sound record."]
        : [`${leftOut} entries of the list of grants have no sound record.`]),
    ...(secondsBetween(at, now) < LATE_SECONDS
      ? ["CloudTrail may be minutes late, so findings may still come."]
      : []),
    ...(mode === undefined || mode === "API" ? [] : [AWS_AUTH[mode]]),
  ];
}

function standingText({ standing, cluster, at }: ReachShown): readonly string[] {
  const { unknown, reading, following } = standing;
  if (unknown === null)
    return reading && following === null
      ? ["There is no reading after that one yet: later changes are known by findings only."]
      : [];
  const bornAt = cluster.setup?.cluster?.createdAt;
  const texts: Readonly<Record<UnknownThen, string>> = {
    "not-read": "Standing access at that time is not known: nobody had read the cluster yet.",
    "not-kept": "Standing access at that time is not known: no reading from before it was kept.",
    archived:
      "The table has what stood in the last week. Ask the archive for that time: timelatch reach --archive, as timelatch docs audit says.",
    "not-archived":
      "Standing access at that time is not known: there is a reading from before it, and the archive does not have what it found.",
    changed: changedText({ standing, cluster }),
    "too-old": "Who got or lost some after that reading is not known.",
    "another-cluster": `Standing access at that time is not known: ${anotherCluster(bornAt, at)}.`,
  };
  // A later release of the API may know other reasons.
  return [
    Object.hasOwn(texts, unknown)
      ? texts[unknown]
      : `Standing access at that time is not known: ${visible(unknown)}.`,
  ];
}

/** The entries that the next reading found differently, each with the time of its change if anybody knows it. */
function changedText({ standing, cluster }: Pick<ReachShown, "standing" | "cluster">): string {
  // An earlier release of the API names neither.
  const { changed = [], following = null } = standing;
  const next =
    following === null ? "The reading after it" : `The reading of ${fullTime(following)}`;
  if (changed === null)
    return `${next} found something else. The two lists are too large to compare here, so what had changed by then is not known.`;
  const shown = changed.slice(0, MOST_NAMED).map(({ principalArn, changedAt }) => {
    const who = principalText(principalArn, cluster);
    return changedAt === null
      ? `${who} at an unknown time`
      : `${who} before that instant, at ${fullTime(changedAt)}`;
  });
  const more = changed.length - shown.length;
  return `${next} found something else. What had changed by then is not known: ${shown.join("; ")}${more > 0 ? `; and ${more} more` : ""}.`;
}

const MOST_NAMED = 5;

const anotherCluster = (bornAt: string | undefined, at: string): string => {
  if (bornAt === undefined) return "the cluster of today was made later";
  return bornAt > at
    ? `the cluster of today was made later, at ${fullTime(bornAt)}`
    : `the last reading is of an earlier cluster, and this one was made at ${fullTime(bornAt)}`;
};
