/** `StartQuery`: reads the query, and runs it. */
import { randomUUID } from "node:crypto";
import type { Call } from "../service.ts";
import type { LogsContext, StartedQuery } from "./context.ts";
import { invalidParameter, noSuchResource } from "./errors.ts";
import { fieldsOf } from "./event-fields.ts";
import { MOST_ROWS, parseQuery } from "./parse-query.ts";
import { runQuery } from "./run-query.ts";

const MEMBERS = [
  ...["logGroupName", "logGroupNames", "logGroupIdentifiers"],
  ...["startTime", "endTime", "queryString", "limit", "queryLanguage"],
];

/** @throws AwsError InvalidParameterException where not exactly one group is named */
export function groupOf(input: Call["input"]): string {
  const names = [
    input["logGroupName"],
    ...[input["logGroupNames"] ?? [], input["logGroupIdentifiers"] ?? []].flat(),
  ].filter((name) => name !== undefined);
  const [name, another] = names;
  if (typeof name !== "string" || another !== undefined)
    throw invalidParameter("The sandbox takes exactly one log group for a query.");
  return /^arn:/.test(name) ? name.split(":").slice(6, 7).join("") : name;
}

export function startQuery(context: LogsContext, { input, now }: Call) {
  const unknown = Object.keys(input).find((name) => !MEMBERS.includes(name));
  if (unknown !== undefined) throw invalidParameter(`The sandbox does not emulate ${unknown}.`);
  const { queryLanguage = "CWLI", queryString, limit = MOST_ROWS } = input;
  if (queryLanguage !== "CWLI")
    throw invalidParameter(`The sandbox does not emulate the query language ${queryLanguage}.`);
  if (typeof queryString !== "string") throw invalidParameter("queryString is a text.");
  if (typeof limit !== "number" || limit < 1 || limit > MOST_ROWS)
    throw invalidParameter(`limit is a number from 1 to ${MOST_ROWS}.`);
  const group = groupOf(input);
  const [from, to] = rangeOf(input);
  const commands = parseQuery(queryString);
  const all = context.events(group);
  if (all === undefined) throw noSuchResource("Log group does not exist.");
  const log = `${context.account}:${group}`;
  const scanned = all
    .map((event, position) => ({ event, position }))
    .filter(({ event: { timestamp } }) => timestamp >= from && timestamp <= to)
    .sort((a, b) => b.event.timestamp - a.event.timestamp);
  const rows = scanned.map(({ event, position }) => fieldsOf(event, log, position));
  const outcome = runQuery(commands, rows, limit);
  const query: StartedQuery = {
    group,
    startedAt: now.getTime(),
    rows: outcome.rows,
    statistics: {
      recordsMatched: outcome.recordsMatched,
      recordsScanned: scanned.length,
      bytesScanned: scanned.reduce((sum, { event }) => sum + Buffer.byteLength(event.message), 0),
    },
  };
  const queryId = randomUUID();
  context.queries.set(queryId, query);
  return { queryId };
}

/** Both ends are included; in milliseconds, whether seconds or milliseconds were given. */
function rangeOf(input: Call["input"]): readonly [number, number] {
  const instant = (name: string) => {
    const value = input[name];
    if (typeof value !== "number" || value < 0) throw invalidParameter(`${name} is a number.`);
    return value < 100_000_000_000 ? value * 1000 : value;
  };
  const from = instant("startTime");
  // A second has all its milliseconds.
  const to = instant("endTime") + 999;
  if (from > to) throw invalidParameter("End time should not be less than start time.");
  return [from, to];
}
