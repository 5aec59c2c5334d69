import type { Call } from "../service.ts";
import type { LogsContext } from "./context.ts";
import { invalidParameter, noSuchResource } from "./errors.ts";

const MEMBERS = [
  ...["logGroupName", "logStreamNamePrefix", "startTime", "endTime", "limit", "nextToken"],
];
const MOST = 10_000;

/**
 * `FilterLogEvents` without a pattern: the events of a group, the oldest first. They are there at once.
 * https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html
 */
export function filterLogEvents({ events }: LogsContext, { input }: Call) {
  const unknown = Object.keys(input).find((name) => !MEMBERS.includes(name));
  if (unknown !== undefined)
    throw invalidParameter(`The sandbox does not emulate ${unknown} of FilterLogEvents.`);
  const group = events(String(input["logGroupName"]));
  if (!group) throw noSuchResource("The specified log group does not exist.");
  const { logStreamNamePrefix: prefix = "", limit = MOST, nextToken = "0" } = input;
  const size = Number(limit);
  if (!(size >= 1 && size <= MOST)) throw invalidParameter(`limit must be from 1 to ${MOST}.`);
  const from = Number(input["startTime"] ?? 0);
  const to = Number(input["endTime"] ?? Number.POSITIVE_INFINITY);
  const found = group
    .filter(({ timestamp, logStream }) => {
      return timestamp >= from && timestamp < to && logStream.startsWith(String(prefix));
    })
    .toSorted((a, b) => a.timestamp - b.timestamp);
  const start = Number(nextToken);
  const next = start + size;
  return {
    events: found.slice(start, next).map(({ timestamp, message, logStream }, at) => ({
      timestamp,
      message,
      logStreamName: logStream,
      ingestionTime: timestamp,
      eventId: String(start + at),
    })),
    searchedLogStreams: [],
    ...(next < found.length ? { nextToken: String(next) } : {}),
  };
}
