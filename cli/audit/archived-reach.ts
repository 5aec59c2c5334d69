/** Everyone who could reach a cluster at an instant, by the files of an archive that was verified. */
import path from "node:path";
import type { ArchivedRecord } from "../../shared/domain/evidence/archive/archived-record.ts";
import {
  type AcknowledgementRecord,
  clusterInChain,
  type FindingRecord,
  type FoundRecord,
  isAround,
} from "../../shared/domain/evidence/findings/finding-record.ts";
import type { AuditEvent } from "../../shared/domain/requests/audit-event.ts";
import { type GrantThen, grantThen } from "../../shared/domain/requests/grant-then.ts";
import { isFinal } from "../../shared/domain/requests/lifecycle.ts";
import type { ClusterRef } from "../../shared/domain/requests/request.ts";
import { isReadingDetails } from "../../shared/domain/standing/reading.ts";
import type { ReadingRecord } from "../../shared/domain/standing/reading-record.ts";
import { clusterOf, parseClusterArn } from "../../shared/domain/values/arn.ts";
import { plusSeconds, secondsBetween } from "../../shared/domain/values/instant.ts";
import type { FindingAnswer } from "../../shared/http/contract/answers.ts";
import { findingAnswer } from "../../shared/http/server/finding-answer.ts";
import { readArchiveLine } from "./archive-line.ts";
import {
  type ArchivedStanding,
  archivedStanding,
  type ContentFiles,
  type ReadingsAround,
  withReading,
} from "./archived-standing.ts";
import { LONGEST_LINE_BYTES } from "./event-line.ts";
import { linesOf } from "./lines.ts";
import type { RecordFile } from "./verify-archive.ts";

/** A cluster to which somebody asked for access by the instant, or which was read by then. */
export interface ArchivedCluster extends ClusterRef, ArchivedStanding {
  readonly grants: readonly GrantThen[];
  readonly findings: readonly FindingAnswer[];
}

const HOUR = /^\d{4}-\d\d-\d\dT\d\d$/;

/** The end of the last hour that has a file, ISO 8601 UTC; undefined without any. */
export function endOfRecords(files: readonly RecordFile[]): string | undefined {
  const hours = files.map(({ name }) => path.basename(path.dirname(name)));
  const last = hours
    .filter((hour) => HOUR.test(hour))
    .toSorted()
    .at(-1);
  return last === undefined ? undefined : plusSeconds(`${last}:00:00.000Z`, 3_600);
}

/**
 * Reads the files twice: first which requests may have lent something then, and then their events. Memory grows with
 * the requests of all time by an id each, and with the events of those.
 *
 * @param files of an archive without a fault @param contents its lists of standing access @param at ISO 8601 UTC
 */
export async function archivedReach(
  files: readonly RecordFile[],
  contents: ContentFiles,
  at: string,
): Promise<readonly ArchivedCluster[]> {
  const seen = await lookThrough(files, at);
  const histories = await historiesOf(files, seen.open);
  const grants = [...histories].flatMap(([id, events]) => judged(id, events, at) ?? []);
  const clusters: ArchivedCluster[] = [];
  for (const { name, arn } of seen.clusters.values()) {
    const isOwn = ({ chain }: { readonly chain: string }) => clusterInChain(chain) === arn;
    const around = seen.readings.get(arn) ?? {};
    clusters.push({
      ...(await archivedStanding(around, contents, seen.changes.filter(isOwn), at)),
      name,
      arn,
      grants: grants.filter(({ cluster }) => cluster.arn === arn).map(({ grant }) => grant),
      findings: seen.findings.filter(isOwn),
    });
  }
  return clusters.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

interface Seen {
  /** By ARN, each cluster of a request that was made by the instant, or that was read by then. */
  readonly clusters: ReadonlyMap<string, ClusterRef>;
  /** Ids of those requests that were not over by then. */
  readonly open: ReadonlySet<string>;
  readonly findings: readonly FindingAnswer[];
  /** By ARN, the readings around the instant. */
  readonly readings: ReadonlyMap<string, ReadingsAround>;
  /** Findings and expected changes near the instant: those that may have happened between two readings. */
  readonly changes: readonly FindingRecord[];
}

async function lookThrough(files: readonly RecordFile[], at: string): Promise<Seen> {
  const clusters = new Map<string, ClusterRef>();
  const [asked, over] = [new Set<string>(), new Set<string>()];
  const readings = new Map<string, ReadingsAround>();
  const [found, changes]: [FoundRecord[], FindingRecord[]] = [[], []];
  const acknowledged: AcknowledgementRecord[] = [];
  for await (const { chain, record } of recordsIn(files)) {
    if (chain.startsWith(READINGS)) addReading(readings, record as unknown as ReadingRecord, at);
    if (chain.startsWith("FIND#")) {
      const finding = record as unknown as FindingRecord;
      if (mayDate(finding, at)) changes.push(finding);
      if (finding.type === "finding" && isAround(finding, at)) found.push(finding);
      if (finding.type === "acknowledgement") acknowledged.push(finding);
    }
    if (!chain.startsWith("AUDIT#") || record.at > at) continue;
    const event = record as unknown as AuditEvent;
    if (isFinal(event.to)) over.add(event.requestId);
    if (event.type !== "request") continue;
    const { cluster } = event.details;
    asked.add(event.requestId);
    clusters.set(cluster.arn, cluster);
  }
  for (const [arn, { before }] of readings)
    if (before && !clusters.has(arn)) clusters.set(arn, { arn, name: clusterOf(arn).name });
  const findings = found.map((record) => answerOf(record, acknowledged));
  // A record may come in any file, so the end of a request may be read before its beginning.
  const open = new Set([...asked].filter((id) => !over.has(id)));
  return { clusters, open, findings, readings, changes };
}

const READINGS = "STANDING#";

function addReading(
  readings: Map<string, ReadingsAround>,
  { chain, details }: ReadingRecord,
  at: string,
): void {
  if (isReadingDetails(details) && parseClusterArn(chain))
    readings.set(chain, withReading(readings.get(chain) ?? {}, details, at));
}

/** A change of between two readings, of which the first still counts at the instant. */
const NEAR_SECONDS = 2 * 86_400;

const mayDate = ({ type, details }: FindingRecord, at: string): boolean =>
  type !== "acknowledgement" &&
  "event" in details &&
  Math.abs(secondsBetween(at, details.event.eventTime)) <= NEAR_SECONDS;

const answerOf = (record: FoundRecord, all: readonly AcknowledgementRecord[]): FindingAnswer => {
  const own = all.filter((one) => one.details.findingId === record.details.findingId);
  return findingAnswer({ record, acknowledgements: own.toSorted((a, b) => a.seq - b.seq) });
};

/** The events of these requests, oldest first. */
async function historiesOf(
  files: readonly RecordFile[],
  ids: ReadonlySet<string>,
): Promise<ReadonlyMap<string, readonly AuditEvent[]>> {
  const histories = new Map<string, AuditEvent[]>([...ids].map((id) => [id, []]));
  for await (const { chain, record } of recordsIn(files))
    if (chain.startsWith("AUDIT#"))
      histories.get(chain.slice("AUDIT#".length))?.push(record as unknown as AuditEvent);
  for (const events of histories.values()) events.sort((a, b) => a.seq - b.seq);
  return histories;
}

function judged(
  id: string,
  events: readonly AuditEvent[],
  at: string,
): { readonly cluster: ClusterRef; readonly grant: GrantThen } | undefined {
  const [first] = events;
  if (first?.type !== "request") return undefined;
  const grant = grantThen({ ...first.details, id }, events, at);
  return grant && { cluster: first.details.cluster, grant };
}

async function* recordsIn(files: readonly RecordFile[]): AsyncGenerator<ArchivedRecord> {
  for (const { open } of files)
    for await (const { bytes } of linesOf(open(), LONGEST_LINE_BYTES)) {
      const one = bytes && bytes.length > 0 ? readArchiveLine(bytes) : undefined;
      // Verification has named each line that is no record.
      if (one !== undefined && typeof one !== "string") yield one;
    }
}
