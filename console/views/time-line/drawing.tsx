/** The drawing of a time line. The table below it says the same, so screen readers and keyboards pass it over. */
import { useEffect, useRef, useState } from "react";
import { inLanes } from "./bars.ts";
import type { Row } from "./rows.ts";
import { type Interval, shareOf, ticksOf } from "./scale.ts";
import { type Band, GAP, LANE, Label, type Plan, Track } from "./track.tsx";
import { type Moves, useMoves } from "./use-moves.ts";

/** In pixels. */
const HEAD = 26;
const LABEL = 160;
const NARROW = { width: 560, label: 96 };
const TICK = 78;
/** The clip of what moves: names of rows stay. There is one drawing on a page. */
const PLOT = "time-line-plot";

interface DrawingProps extends Moves {
  readonly rows: readonly Row[];
  /** Intervals of which the list of grants says nothing. */
  readonly unknown: readonly Interval[];
  readonly interval: Interval;
  readonly now: string;
  /** An instant that a line marks, besides now. */
  readonly instant: string | undefined;
}

export function Drawing({ rows, unknown, interval, now, instant, drag, zoom }: DrawingProps) {
  const frame = useRef<HTMLDivElement>(null);
  const width = useWidth(frame);
  const label = width < NARROW.width ? NARROW.label : LABEL;
  const plot = Math.max(0, width - label);
  const share = (instant: string) => Math.min(1, Math.max(0, shareOf(interval, instant)));
  const plan: Plan = { width, label, x: (instant) => label + share(instant) * plot, now };
  const bands = bandsOf(rows);
  const moves = useMoves({ label, plot, interval, drag, zoom });
  const height = HEAD + bands.reduce((sum, band) => sum + band.height, 0);
  return (
    <div ref={frame} className="time-line">
      <svg
        ref={moves.svg}
        width={width}
        height={height}
        aria-hidden="true"
        focusable="false"
        onPointerDown={moves.down}
        onClickCapture={moves.click}
      >
        <clipPath id={PLOT}>
          <rect x={label} width={plot} height={height} />
        </clipPath>
        <g clipPath={`url(#${PLOT})`}>
          <g ref={moves.plot}>
            {unknown.map(({ from, to }) => (
              <rect
                key={from}
                className="unknown"
                x={plan.x(from)}
                y={HEAD}
                width={Math.max(0, plan.x(to) - plan.x(from))}
                height={height - HEAD}
              >
                <title>Grants that began then may be missing.</title>
              </rect>
            ))}
            <Clock plan={plan} interval={interval} height={height} plot={plot} />
            {bands.map((band) => (
              <Track key={band.row.key} band={band} plan={plan} />
            ))}
            <Moment at={now} className="now" {...{ plan, interval, height }} />
            {instant !== undefined && (
              <Moment at={instant} className="instant" {...{ plan, interval, height }} />
            )}
          </g>
        </g>
        {bands.map((band) => (
          <Label key={band.row.key} band={band} plan={plan} />
        ))}
      </svg>
    </div>
  );
}

function useWidth(of: React.RefObject<HTMLDivElement | null>): number {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const element = of.current;
    if (!element) return undefined;
    const observer = new ResizeObserver(([entry]) =>
      setWidth(Math.floor(entry?.contentRect.width ?? 0)),
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, [of]);
  return width;
}

function bandsOf(rows: readonly Row[]): readonly Band[] {
  let top = HEAD;
  return rows.map((row) => {
    const bars = inLanes(row.bars);
    const lanes = Math.max(1, ...bars.map(({ lane }) => lane + 1));
    const height = lanes * LANE + GAP;
    const band = { row, bars, top, height };
    top += height;
    return band;
  });
}

interface ClockProps {
  readonly plan: Plan;
  readonly interval: Interval;
  readonly height: number;
  readonly plot: number;
}

const Clock = ({ plan, interval, height, plot }: ClockProps) => (
  <>
    {ticksOf(interval, Math.max(2, Math.floor(plot / TICK))).map(({ at, label }) => (
      <g key={at}>
        <line className="tick" x1={plan.x(at)} x2={plan.x(at)} y1={HEAD - 6} y2={height} />
        <text x={plan.x(at)} y={14} textAnchor={anchorOf(plan, interval, at)}>
          {label}
        </text>
      </g>
    ))}
  </>
);

/** A label in the middle of its line would be cut near either edge. */
function anchorOf(plan: Plan, { from }: Interval, at: string): "start" | "middle" | "end" {
  if (plan.x(at) - plan.x(from) < TICK / 4) return "start";
  return plan.width - plan.x(at) < TICK / 4 ? "end" : "middle";
}

interface MomentProps extends Omit<ClockProps, "plot"> {
  readonly at: string;
  readonly className: string;
}

function Moment({ plan, interval, height, at, className }: MomentProps) {
  if (at < interval.from || at > interval.to) return null;
  const x = plan.x(at);
  return (
    <g className={className}>
      <line x1={x} x2={x} y1={HEAD - 8} y2={height} />
      <circle cx={x} cy={HEAD - 8} r={3} />
    </g>
  );
}
