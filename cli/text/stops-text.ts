/** The suspended people, for people. */
import { visible } from "../../shared/domain/values/visible-text.ts";
import type { StopAnswer, StopsAnswer } from "../../shared/http/contract/stops-answer.ts";
import type { Stream } from "../terminal/screen.ts";
import { type Column, renderTable } from "../terminal/table.ts";
import { wrapLines } from "../terminal/text-layout.ts";
import { awayText, fullTime, shortTime } from "./time-text.ts";

type Suspended = StopsAnswer["suspended"][number];

/** `The broker is drained …`, then a table of the people who are suspended. */
export function stopsText({ suspended, drain }: StopsAnswer, now: string, out: Stream): string {
  const head = drain ? `${wrapLines(drainedText(drain, now), out.columns)}\n` : "";
  if (suspended.length === 0) return `${head}Nobody is suspended.\n`;
  return `${head}${renderTable(suspended, suspendedColumns(now), out)}`;
}

/** Since when everyone is stopped, why, and who can lift it. */
export const drainedText = ({ by, at, reason, liftedBy }: StopAnswer, now: string): string =>
  `The broker is DRAINED since ${fullTime(at)}, ${awayText(at, now)}, by ${visible(by)}: ${visible(reason)}. ${lifters(liftedBy)} can lift it.\n`;

const lifters = (names: readonly string[]): string => names.map(visible).join(" or ") || "Nobody";

/** The columns of the people who are suspended, as seen at `now`. */
export const suspendedColumns = (now: string): readonly Column<Suspended>[] => [
  { title: "WHO", text: ({ person }) => visible(person), least: 6 },
  { title: "SINCE", text: ({ at }) => shortTime(at, now) },
  { title: "BY", text: ({ by }) => visible(by), least: 6 },
  { title: "LIFTED BY", text: ({ liftedBy }) => lifters(liftedBy), least: 9 },
  { title: "REASON", text: ({ reason }) => visible(reason), folds: 1 },
];
