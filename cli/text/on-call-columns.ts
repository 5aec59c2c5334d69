/** The list of who is on call, schedule by schedule. */
import type { OnCallNow } from "../../shared/domain/policy/on-call-now.ts";
import { whyNotKnown } from "../../shared/domain/policy/on-call-objections.ts";
import { visible } from "../../shared/domain/values/visible-text.ts";
import type { Column } from "../terminal/table.ts";
import { nobodyText, unnamedText } from "./on-call-text.ts";
import { awayText, leftText, shortTime } from "./time-text.ts";

/** One person on call in a schedule, or a schedule in which nobody is known to be. */
export interface OnCallRow {
  readonly now: OnCallNow;
  readonly shift?: OnCallNow["people"][number];
  /** The service's id of somebody on call whom `access.yaml` does not know. */
  readonly unnamed?: string;
}

/** One row for each person on call, and one for each schedule without. */
export const onCallRows = (schedules: readonly OnCallNow[]): readonly OnCallRow[] =>
  schedules.flatMap((now): readonly OnCallRow[] => {
    const rows = [
      ...now.people.map((shift) => ({ now, shift })),
      ...(now.unnamed ?? []).map((unnamed) => ({ now, unnamed })),
    ];
    return rows.length === 0 ? [{ now }] : rows;
  });

/** The columns of the list, as seen at `now`. A reason goes below its row where it is too long. */
export function onCallColumns(
  rows: readonly OnCallRow[],
  now: string,
): readonly Column<OnCallRow>[] {
  const columns: readonly Column<OnCallRow>[] = [
    { title: "SCHEDULE", text: ({ now: { schedule } }) => visible(schedule), least: 8 },
    {
      title: "ON CALL",
      text: (row) => onCallOf(row, now),
      style: (row) => (unknownOf(row) ? "yellow" : undefined),
      least: 12,
    },
    {
      title: "UNTIL",
      text: ({ shift }) => (shift ? leftText(shortTime(shift.until, now), shift.until, now) : ""),
    },
    {
      title: "READ",
      text: ({ now: { readAt } }) => (readAt === undefined ? "" : awayText(readAt, now)),
    },
  ];
  const why: Column<OnCallRow> = {
    title: "WHY",
    text: (row) => visible(whyNotKnown(unknownOf(row)?.why ?? "")),
    folds: 1,
  };
  return rows.some((row) => unknownOf(row)) ? [...columns, why] : columns;
}

/** Why nobody is known to be on call. Whether somebody without an id is, says nothing of the schedule. */
const unknownOf = ({ now: { unknown, readAt }, shift }: OnCallRow): OnCallNow["unknown"] =>
  shift || (readAt !== undefined && unknown?.why === "no-id") ? undefined : unknown;

/** `bob`, `PZZZ999, of nobody in access.yaml`, `nobody`, or `not known since 02:14 UTC`. */
function onCallOf(row: OnCallRow, now: string): string {
  if (row.shift) return visible(row.shift.person);
  if (row.unnamed !== undefined) return unnamedText(row.unnamed);
  const unknown = unknownOf(row);
  if (!unknown) return nobodyText(row.now);
  return unknown.since === null ? "not known" : `not known since ${shortTime(unknown.since, now)}`;
}
