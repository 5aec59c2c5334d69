/** The meaning of colours and lines: those that the drawing has. */
import type { ReactNode } from "react";
import { POWERS } from "../../../shared/domain/standing/power.ts";
import type { Row } from "./rows.ts";
import type { Interval } from "./scale.ts";

interface LegendProps {
  readonly rows: readonly Row[];
  readonly unknown: readonly Interval[];
  readonly interval: Interval;
  readonly now: string;
}

export function Legend({ rows, unknown, interval, now }: LegendProps) {
  const bars = rows.flatMap((row) => row.bars);
  const shades = rows.flatMap((row) => row.shades);
  const powers = new Set([...bars, ...shades].map(({ power }) => power));
  return (
    <ul className="legend" aria-label="Colours and lines">
      {POWERS.filter((power) => powers.has(power)).map((power) => (
        <Sign key={power} words={power}>
          <rect className={`bar power-${power}`} width={14} height={10} rx={2} />
        </Sign>
      ))}
      {rows.some(({ marks }) => marks.length > 0) && (
        <Sign words="finding">
          <path className="mark open" d="M 7 0 L 13 10 L 1 10 Z" />
        </Sign>
      )}
      {shades.length > 0 && (
        <Sign words="standing, as it was read" className="power-admin">
          <rect className="shade" width={14} height={10} />
          <rect className="bar" width={2} height={10} />
        </Sign>
      )}
      {bars.some(({ to, until }) => until > to) && (
        <Sign words="to come">
          <rect className="coming power-edit" x={1} y={1} width={12} height={8} rx={2} />
        </Sign>
      )}
      {unknown.length > 0 && (
        <Sign words="grants not known">
          <rect className="unknown" width={14} height={10} />
        </Sign>
      )}
      {rows.length > 0 && interval.from <= now && now <= interval.to && (
        <Sign words="now" className="now">
          <line x1={7} x2={7} y1={0} y2={12} />
        </Sign>
      )}
    </ul>
  );
}

interface SignProps {
  readonly words: string;
  readonly className?: string;
  readonly children: ReactNode;
}

const Sign = ({ words, className, children }: SignProps) => (
  <li>
    <svg width={14} height={12} aria-hidden="true" focusable="false">
      <g className={className}>{children}</g>
    </svg>
    {words}
  </li>
);
