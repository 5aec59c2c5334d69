/** Plans the look-ups in CloudTrail's event history for calls that wait for their confirmation. */
import { type ClusterArn, clusterOf } from "../../values/arn.ts";
import { earliest, latest, plusSeconds } from "../../values/instant.ts";
import type { RecordedCall } from "../calls/recorded-call.ts";
import type { EvidenceTimes } from "../evidence-times.ts";

/** A call that is looked for, and from where on down its time was read already. */
interface SoughtCall {
  readonly call: RecordedCall;
  readonly readDownTo: string | null;
}

/** The account and region of an event history: each account has one in each region. */
export type TrailPlace = Pick<ClusterArn, "partition" | "account" | "region">;

/** One look: the events of a session in a part of its time. */
export interface TrailLook<Sought extends SoughtCall = SoughtCall> {
  readonly place: TrailPlace;
  readonly sessionName: string;
  /** ISO 8601 UTC, both included. */
  readonly from: string;
  readonly until: string;
  readonly sought: readonly Sought[];
}

/** The most seconds between an event and the time at which its answer was read. */
const ANSWER_SECONDS = 60;

/**
 * The looks that find the calls, in the order of the first call of each. Calls of one session in one
 * place and hour are one look, so that none reads more than about an hour of events.
 */
export function looksFor<Sought extends SoughtCall>(
  calls: readonly Sought[],
  { clockDifferenceSeconds }: Pick<EvidenceTimes, "clockDifferenceSeconds">,
): readonly TrailLook<Sought>[] {
  const together = Map.groupBy(calls, ({ call }) =>
    [placeName(placeOf(call)), call.sessionName, hourOf(call.at)].join(" "),
  );
  return [...together.values()].flatMap((sought) => {
    const [first] = sought;
    const from = earliest(sought.map(({ call }) => call.at));
    const ends = sought.map(
      ({ call, readDownTo }) => readDownTo ?? plusSeconds(call.at, clockDifferenceSeconds),
    );
    const until = latest(ends);
    if (!first || from === undefined || until === undefined) return [];
    const { sessionName } = first.call;
    const earlier = -ANSWER_SECONDS - clockDifferenceSeconds;
    const place = placeOf(first.call);
    return { place, sessionName, from: plusSeconds(from, earlier), until, sought };
  });
}

/** `111122223333/us-west-2` */
export const placeName = ({ account, region }: TrailPlace): string => `${account}/${region}`;

/** CloudTrail has an event where the cluster is. */
function placeOf({ clusterArn }: RecordedCall): TrailPlace {
  const { partition, account, region } = clusterOf(clusterArn);
  return { partition, account, region };
}

const hourOf = (instant: string) => instant.slice(0, "2026-11-24T10".length);
