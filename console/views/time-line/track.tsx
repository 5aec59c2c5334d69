/** One row of the drawing: standing access behind, bars of grants, and marks of findings. */
import type { ReactNode } from "react";
import { shortTime } from "../../../cli/text/time-text.ts";
import { requestHref } from "../../frame/route.ts";
import type { LaidBar } from "./bars.ts";
import type { Mark, Row, Shade } from "./rows.ts";

/** The heights of a bar with what separates it from the next, and of what separates rows, in pixels. */
export const LANE = 18;
export const GAP = 10;
/** An average letter of a label, and of a bar. */
const LETTER = 7.2;
/** Nothing is thinner: a short grant must be seen in ninety days. */
const THINNEST = 3;

/** The drawing as a whole. */
export interface Plan {
  readonly width: number;
  readonly label: number;
  /** The place of an instant, held within the plot. */
  readonly x: (instant: string) => number;
  readonly now: string;
}

/** A row, laid out. Lengths are in pixels. */
export interface Band {
  readonly row: Row;
  readonly bars: readonly LaidBar[];
  readonly top: number;
  readonly height: number;
}

interface TrackProps {
  readonly band: Band;
  readonly plan: Plan;
}

/** The name of a row, and the line above it. */
export const Label = ({ band: { row, top }, plan }: TrackProps) => (
  <g>
    <line className="rule" x1={0} x2={plan.width} y1={top} y2={top} />
    <text x={0} y={top + GAP / 2 + LANE / 2 + 4}>
      <title>{row.who}</title>
      {shortened(row, Math.floor((plan.label - 8) / LETTER))}
    </text>
  </g>
);

export function Track({ band: { row, bars, top, height }, plan }: TrackProps) {
  return (
    <g>
      {row.shades.map((shade) => (
        <Standing key={shade.from} shade={shade} top={top} height={height} plan={plan} />
      ))}
      {bars.map((bar) => (
        <Grant key={bar.id} bar={bar} top={top + GAP / 2 + bar.lane * LANE} plan={plan} />
      ))}
      {row.marks.map((mark) => (
        <Finding key={mark.id} mark={mark} y={top + GAP / 2 + LANE / 2} plan={plan} />
      ))}
    </g>
  );
}

/** Names of people are distinguished by their beginnings, and of roles by their ends. */
function shortened({ who, key }: Row, most: number): string {
  const isPerson = key.startsWith("person ");
  const text = isPerson ? who : (who.split("/").at(-1) ?? who);
  if (text.length <= most) return text;
  const room = Math.max(1, most - 1);
  return isPerson ? `${text.slice(0, room)}…` : `…${text.slice(-room)}`;
}

interface StandingProps {
  readonly shade: Shade;
  readonly top: number;
  readonly height: number;
  readonly plan: Plan;
}

const Standing = ({ shade, top, height, plan }: StandingProps) => (
  <g className={`power-${shade.power}`}>
    <rect
      className="shade"
      x={plan.x(shade.from)}
      y={top + 1}
      width={Math.max(THINNEST, plan.x(shade.to) - plan.x(shade.from))}
      height={height - 2}
    >
      <title>{`standing, ${shade.power}, as read at ${shortTime(shade.from, plan.now)}`}</title>
    </rect>
    <rect className="bar" x={plan.x(shade.from)} y={top + 1} width={2} height={height - 2} />
  </g>
);

interface GrantProps {
  readonly bar: LaidBar;
  readonly top: number;
  readonly plan: Plan;
}

function Grant({ bar, top, plan }: GrantProps) {
  const [start, end, last] = [plan.x(bar.from), plan.x(bar.to), plan.x(bar.until)];
  const solid = bar.to > bar.from ? Math.max(THINNEST, end - start) : 0;
  const whole = Math.max(solid, last - start, THINNEST);
  const room = Math.floor((whole - 10) / LETTER);
  return (
    <Linked id={bar.id}>
      <title>{barText(bar, plan.now)}</title>
      {bar.until > bar.to && (
        <rect
          className={`coming power-${bar.power}`}
          x={start + solid}
          y={top}
          width={whole - solid}
          height={LANE - 4}
          rx={3}
        />
      )}
      {solid > 0 && (
        <rect
          className={`bar power-${bar.power}`}
          x={start}
          y={top}
          width={solid}
          height={LANE - 4}
          rx={3}
        />
      )}
      {solid > 0 && solid >= bar.words.length * LETTER + 10 && room > 0 && (
        <text className="in-bar" x={start + 5} y={top + LANE - 8}>
          {bar.words}
        </text>
      )}
    </Linked>
  );
}

const barText = ({ words, from, to, until, state }: LaidBar, now: string): string =>
  `${words}, ${state}: ${shortTime(from, now)} to ${shortTime(until > to ? until : to, now)}`;

/** A link for the mouse only. */
const Linked = ({ id, children }: { readonly id: string; readonly children: ReactNode }) => (
  <a href={requestHref(id)} tabIndex={-1}>
    {children}
  </a>
);

function Finding({
  mark,
  y,
  plan,
}: {
  readonly mark: Mark;
  readonly y: number;
  readonly plan: Plan;
}) {
  const x = plan.x(mark.at);
  return (
    <path
      className={mark.isOpen ? "mark open" : "mark"}
      d={`M ${x} ${y - 8} L ${x + 7} ${y + 5} L ${x - 7} ${y + 5} Z`}
    >
      <title>{`${mark.words}, ${shortTime(mark.at, plan.now)}`}</title>
    </path>
  );
}
