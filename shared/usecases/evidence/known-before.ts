import { type KnownChange, lastKnown } from "../../domain/evidence/calls/last-known.ts";
import type { FindingRecord } from "../../domain/evidence/findings/finding-record.ts";
import { findingChain } from "../../domain/evidence/findings/finding-record.ts";
import { changeOf, eventKeyOf, type TrailEvent } from "../../domain/evidence/trail/trail-event.ts";
import type { ElementSet } from "../../domain/values/element-set.ts";
import { plusSeconds } from "../../domain/values/instant.ts";
import type { CorrelatePorts } from "../../ports/function-ports.ts";

/** The most records of a chain that are read. A flood of findings in it makes the answer null. */
const MOST_RECORDS = 50;

/**
 * Elements on the event's target before it, as last known: by the calls that served the grants on
 * the entry, and by changes of others that are on record. Null if nobody knows, or if the latest
 * change is further back than what was read of the others'.
 *
 * @param requestIds the grants on the entry
 */
export async function knownBefore(
  ports: CorrelatePorts,
  event: TrailEvent,
  requestIds: readonly string[],
): Promise<ElementSet | null> {
  const { evidence } = ports;
  const { clusterArn, principalArn, eventTime } = event;
  if (clusterArn === null || principalArn === null) return null;
  const ours = await Promise.all(requestIds.map((id) => evidence.callsFor(id)));
  const { changes, since } = await othersChanges(ports, event, clusterArn);
  const known = [
    ...ours.flat().filter((call) => call.result === "ok"),
    ...changes.filter((each) => each.principalArn === principalArn),
  ];
  return lastKnown(known, changeOf(event).target, eventTime, since);
}

type OthersChange = KnownChange & Pick<TrailEvent, "principalArn">;

/** The latest changes of others on the cluster, in the event's month and the one before. */
async function othersChanges(
  { evidence }: CorrelatePorts,
  event: TrailEvent,
  clusterArn: string,
): Promise<{ readonly changes: readonly OthersChange[]; readonly since: string }> {
  const month = `${event.eventTime.slice(0, "2026-11".length)}-01T00:00:00.000Z`;
  const earlier = plusSeconds(month, -1);
  const read: FindingRecord[] = [];
  let since = `${earlier.slice(0, "2026-11".length)}-01T00:00:00.000Z`;
  for (const start of [month, since]) {
    const records = await evidence.latestFindings(findingChain(clusterArn, start), MOST_RECORDS);
    read.push(...records);
    const oldest = records.at(-1);
    if (records.length < MOST_RECORDS || oldest === undefined) continue;
    since = oldest.at;
    break;
  }
  return { changes: read.flatMap((record) => changeIn(record, event)), since };
}

/** Not the event itself, which may come again. */
function changeIn({ details }: FindingRecord, event: TrailEvent): readonly OthersChange[] {
  if (!("event" in details) || details.event.errorCode !== null) return [];
  if (details.eventKey === eventKeyOf(event)) return [];
  const { eventTime: at, operation, principalArn } = details.event;
  return [{ at, operation, principalArn, ...changeOf(details.event) }];
}
