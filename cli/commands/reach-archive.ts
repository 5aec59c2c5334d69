import { dayOf } from "../../shared/domain/evidence/archive/seal.ts";
import { visible } from "../../shared/domain/values/visible-text.ts";
import { archivedEntryAnswer } from "../../shared/http/server/cluster-answer.ts";
import { archiveFiles } from "../audit/archive-files.ts";
import { type ArchivedCluster, archivedReach, endOfRecords } from "../audit/archived-reach.ts";
import { contentFiles } from "../audit/archived-standing.ts";
import { answer, type Context, remark } from "../context.ts";
import { Failure, type NextSteps } from "../failures/failure.ts";
import { partOf } from "../text/reach-person-text.ts";
import { type ReachShown, reachThenText } from "../text/reach-then-text.ts";
import { everywhere, fullTime } from "../text/time-text.ts";
import { wholeArchive } from "./audit-verify-archive.ts";

export interface ArchivedReachOptions {
  readonly cluster?: string | undefined;
  /** The person; without it, everyone. */
  readonly who?: string | undefined;
  /** Folder of a synced archive. */
  readonly archive: string;
  /** File with the public key that sealed it. */
  readonly key: string;
}

/**
 * `timelatch reach --at … --archive DIR --key PUBLIC.pem`: the same from files, without the API. The whole archive is verified first.
 *
 * @param at ISO 8601 UTC
 * @throws Failure `unverified` where the archive does not hold; `usage` where it does not reach the instant
 */
export async function reachArchive(
  context: Context,
  at: string,
  { cluster: name, who, archive, key }: ArchivedReachOptions,
): Promise<void> {
  const { from, until } = await wholeArchive(context, [archive], key);
  const { records, contents } = archiveFiles([archive]);
  demandWithin(at, `${from}T00:00:00.000Z`, endOfRecords(records));
  const all = await archivedReach(records, contentFiles(contents), at);
  const wanted = all.filter((each) => name === undefined || each.name === name);
  if (wanted.length === 0) throw nobodyAsked(name, all);
  const isSealed = dayOf(at) <= until;
  const clusters = wanted.map((each) => reachOf(each, at, from));
  const person = who === undefined ? undefined : { name: who, isNamed: undefined };
  remark(context, headText(at, until, isSealed));
  const sealed = { from, until, isSealed };
  answer(context, { at, archive: sealed, ...partOf(clusters, person) }, () =>
    clusters.map((one) => reachThenText(one, context.now(), context.screen.out, person)).join("\n"),
  );
}

/** The record has every request since the table was made, so no list is behind. */
const reachOf = (
  { name, arn, cluster, entries, ...found }: ArchivedCluster,
  at: string,
  from: string,
): ReachShown => ({
  cluster: {
    name,
    clusterArn: arn,
    setup: cluster && { cluster, readAt: found.standing.reading?.startedAt ?? at },
  },
  at,
  since: `${from}T00:00:00.000Z`,
  startedFrom: `${from}T00:00:00.000Z`,
  ...found,
  entries: entries.map(archivedEntryAnswer),
  leftOut: 0,
});

const headText = (at: string, until: string, isSealed: boolean): string =>
  `Who could reach it at ${everywhere(at)}, by the archive alone. Its seals up to ${until} are by the key that you named.\n${
    isSealed
      ? ""
      : "The instant is younger than the last seal: whoever writes its records again can make their hashes fit.\n"
  }`;

function demandWithin(at: string, from: string, end: string | undefined): void {
  if (end !== undefined && at >= from && at < end) return;
  const [first, last] = [fullTime(from), end === undefined ? "then" : fullTime(end)];
  throw refused(`The archive has records from ${first} to ${last}, and not of ${fullTime(at)}.`, [
    at < from
      ? "Next: name a later instant; nothing was recorded before."
      : "Next: get the archive again, or leave --archive out, to ask the API.",
  ]);
}

function nobodyAsked(name: string | undefined, all: readonly ArchivedCluster[]): Failure {
  const known = all.map((each) => visible(each.name)).join(", ");
  const where = name === undefined ? "any cluster" : visible(name);
  return refused(
    `By the archive, nobody had asked for access to ${where} by then, and nobody had read it.`,
    [
      known === ""
        ? "Next: name a later instant."
        : `Next: name a cluster that the archive knows: ${known}.`,
    ],
  );
}

const refused = (what: string, next: NextSteps) =>
  new Failure("usage", "not-in-archive", { what, notDone: "Nothing was sent.", next });
