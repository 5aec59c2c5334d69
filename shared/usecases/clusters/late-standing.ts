import { ageOf } from "../../domain/standing/standing-record.ts";
import { floorTo } from "../../domain/values/instant.ts";
import type { LateStandingPorts } from "../../ports/function-ports.ts";

/**
 * The number of periods that a pass may be late before it is reported: two readings in a row did not reach their
 * end.
 */
const LATE_PERIODS = 2;
/** Lists need not be looked at more often. */
const LOOK_SECONDS = 300;

/**
 * The number of clusters whose list of standing access is missing or too old. The sweep asks, and not the reader of
 * the lists: a function that does not run reports nothing.
 *
 * @returns 0 in every sweep but one in five minutes
 */
export async function countLateStanding(ports: LateStandingPorts): Promise<number> {
  const { policy, clock, settings, standing } = ports;
  const now = clock.now();
  const sweepOf = (seconds: number) => floorTo(now, seconds);
  if (sweepOf(settings.sweepPeriodSeconds) !== sweepOf(LOOK_SECONDS)) return 0;
  const clusters = Object.values(policy.clusters).filter(({ retired }) => !retired);
  const records = await Promise.all(clusters.map(({ arn }) => standing.load(arn)));
  const most = settings.standingEverySeconds * LATE_PERIODS;
  return records.filter((record) => record === undefined || ageOf(record, now) > most).length;
}
