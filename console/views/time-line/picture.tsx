/** The drawing with its legend, and the table of the same. */
import Box from "@cloudscape-design/components/box";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { fullTime } from "../../../cli/text/time-text.ts";
import { POWERS } from "../../../shared/domain/standing/power.ts";
import { requestHref } from "../../frame/route.ts";
import { ListTable } from "../../parts/list-table.tsx";
import { Drawing } from "./drawing.tsx";
import { ENTRY_COLUMNS, entriesOf } from "./entries.ts";
import { rowsOf, type Seen } from "./rows.ts";
import type { Interval } from "./scale.ts";
import { cutOf, unknownIn } from "./unknown.ts";
import type { Moves } from "./use-moves.ts";
import type { Looked } from "./use-seen.ts";

interface PictureProps extends Moves {
  readonly seen: Looked;
  readonly all: Seen;
  readonly interval: Interval;
  readonly now: string;
  /** An instant that the drawing marks. */
  readonly instant: string | undefined;
}

/** More rows make nothing clearer. */
const MOST_ROWS = 60;

export function Picture({ seen, all, interval, now, instant, drag, zoom }: PictureProps) {
  const rows = rowsOf(all, interval, now);
  const { from, to } = interval;
  return (
    <SpaceBetween size="m">
      <Container
        header={
          <Header
            variant="h2"
            description="Drag it; Ctrl and the wheel zoom. The table below has the same."
          >
            {fullTime(from)} to {fullTime(to)}
          </Header>
        }
      >
        {rows.length > 0 && (
          <Drawing
            rows={rows.slice(0, MOST_ROWS)}
            unknown={unknownIn(seen.lent, interval, now)}
            interval={interval}
            now={now}
            instant={instant}
            drag={drag}
            zoom={zoom}
          />
        )}
        {instant !== undefined && <Box>The solid line is at {fullTime(instant)}.</Box>}
        <Legend />
        {rows.length > MOST_ROWS && (
          <Box>{rows.length - MOST_ROWS} more rows are in the table only.</Box>
        )}
      </Container>
      <ListTable
        title="Grants, findings and standing access"
        rows={entriesOf(all, interval, now)}
        failed={seen.failed}
        columns={ENTRY_COLUMNS}
        keyOf={({ key }) => key}
        isCut={seen.cut.length > 0 || cutOf(seen.lent) !== undefined}
        none="The lists have no entry of this time."
        action={({ id }) => (id === undefined ? null : <a href={requestHref(id)}>Look at it</a>)}
      />
    </SpaceBetween>
  );
}

const Legend = () => (
  <ul className="legend" aria-label="Colours">
    {POWERS.map((power) => (
      <li key={power}>
        <svg width={14} height={10} aria-hidden="true" focusable="false">
          <rect className={`bar power-${power}`} width={14} height={10} rx={2} />
        </svg>
        {power}
      </li>
    ))}
    <li>
      <svg width={14} height={12} aria-hidden="true" focusable="false">
        <path className="mark open" d="M 7 0 L 14 12 L 0 12 Z" />
      </svg>
      finding
    </li>
    <li>
      <svg width={14} height={10} aria-hidden="true" focusable="false">
        <g className="power-admin">
          <rect className="shade" width={14} height={10} />
          <rect className="bar" width={2} height={10} />
        </g>
      </svg>
      standing, as it was read
    </li>
    <li>
      <svg width={14} height={10} aria-hidden="true" focusable="false">
        <rect className="coming power-edit" x={1} y={1} width={12} height={8} rx={2} />
      </svg>
      to come
    </li>
    <li>
      <svg width={14} height={10} aria-hidden="true" focusable="false">
        <rect className="unknown" width={14} height={10} />
      </svg>
      grants not known
    </li>
  </ul>
);
