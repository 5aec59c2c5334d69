/** Runs a query over log events. */

import { compareTexts } from "./compare-texts.ts";
import { holds } from "./condition-holds.ts";
import { MOST_ROWS } from "./parse-query.ts";
import type { Aggregate, Command, Row, Shown } from "./query.ts";

interface QueryOutcome {
  readonly rows: readonly Row[];
  /** Events that passed the filters. */
  readonly recordsMatched: number;
}

/** The fields of an event that a query shows by default. */
const DEFAULT_FIELDS: readonly Shown[] = ["@timestamp", "@message"].map((field) => ({
  field,
  as: field,
}));
/** Comes with every event, to read the whole of it by. */
const POINTER: Shown = { field: "@ptr", as: "@ptr" };

/** How far a query has come. */
interface Progress {
  readonly rows: readonly Row[];
  readonly recordsMatched: number;
  /** The fields of each row that are shown; empty for all of them. */
  readonly fields: readonly Shown[];
  readonly isGrouped: boolean;
  readonly most: number;
}

/** @param events newest first, each with all its fields */
export function runQuery(
  commands: readonly Command[],
  events: readonly Row[],
  limit: number,
): QueryOutcome {
  const start: Progress = {
    rows: events,
    recordsMatched: events.length,
    fields: [],
    isGrouped: false,
    most: Math.min(limit, MOST_ROWS),
  };
  const { rows, recordsMatched, fields, isGrouped, most } = commands.reduce(carriedOut, start);
  const picked = isGrouped ? fields : [...(fields.length > 0 ? fields : DEFAULT_FIELDS), POINTER];
  return { rows: rows.slice(0, most).map((row) => shownOf(row, picked)), recordsMatched };
}

function carriedOut(progress: Progress, command: Command): Progress {
  const { rows, fields, isGrouped, most } = progress;
  switch (command.kind) {
    case "fields":
      return {
        ...progress,
        fields: [...fields, ...command.fields],
        rows: rows.map((row) => withAliases(row, command.fields)),
      };
    case "filter": {
      const left = rows.filter((row) => holds(command.condition, row));
      return { ...progress, rows: left, ...(isGrouped ? {} : { recordsMatched: left.length }) };
    }
    case "stats": {
      const groups = grouped(rows, command.aggregates, command.by);
      return { ...progress, rows: groups, fields: [], isGrouped: true };
    }
    case "sort":
      return { ...progress, rows: sorted(rows, command.keys) };
    case "dedup":
      return { ...progress, rows: deduplicated(rows, command.fields) };
    case "limit":
      return { ...progress, most: Math.min(most, command.count) };
  }
}

const withAliases = (row: Row, fields: readonly Shown[]): Row => {
  const named = fields.flatMap(({ field, as }): (readonly [string, string])[] => {
    const value = row.get(field);
    return field === as || value === undefined ? [] : [[as, value]];
  });
  return named.length === 0 ? row : new Map([...row, ...named]);
};

/** A row shows what it has; what it lacks is left out. */
const shownOf = (row: Row, fields: readonly Shown[]): Row =>
  fields.length === 0
    ? row
    : new Map(
        fields.flatMap(({ as }): (readonly [string, string])[] => {
          const value = row.get(as);
          return value === undefined ? [] : [[as, value]];
        }),
      );

function grouped(
  rows: readonly Row[],
  aggregates: readonly Aggregate[],
  by: readonly Shown[],
): readonly Row[] {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const key = JSON.stringify(by.map(({ field }) => row.get(field) ?? null));
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  // Without groups there is one row, also of no events.
  if (by.length === 0 && groups.size === 0) groups.set("", []);
  return [...groups.values()].map((group) => {
    const [first = new Map<string, string>()] = group;
    const keys = by.map(({ field, as }) => [as, first.get(field)] as const);
    const values = aggregates.map((each) => [each.as, aggregated(each, group)] as const);
    return new Map(
      [...keys, ...values].filter((entry): entry is [string, string] => entry[1] !== undefined),
    );
  });
}

function aggregated({ of, field }: Aggregate, group: readonly Row[]): string | undefined {
  if (field === undefined) return String(group.length);
  const values = group.flatMap((row) => row.get(field) ?? []);
  if (of === "count") return String(values.length);
  if (of === "count_distinct") return String(new Set(values).size);
  const ordered = values.toSorted(compareTexts);
  return of === "min" ? ordered[0] : ordered.at(-1);
}

type SortKeys = Extract<Command, { kind: "sort" }>["keys"];

/** A row without a field comes last, whichever the direction. */
function sorted(rows: readonly Row[], keys: SortKeys): readonly Row[] {
  return rows.toSorted((a, b) => {
    for (const { field, isDescending } of keys) {
      const [left, right] = [a.get(field), b.get(field)];
      if (left === right) continue;
      if (left === undefined) return 1;
      if (right === undefined) return -1;
      const order = compareTexts(left, right);
      if (order !== 0) return isDescending ? -order : order;
    }
    return 0;
  });
}

/** The first of those that agree; what lacks one of the fields is kept. */
function deduplicated(rows: readonly Row[], fields: readonly string[]): readonly Row[] {
  const seen = new Set<string>();
  return rows.filter((row) => {
    const values = fields.map((field) => row.get(field) ?? null);
    if (values.some((value) => value === null)) return true;
    const key = JSON.stringify(values);
    const isNew = !seen.has(key);
    seen.add(key);
    return isNew;
  });
}
