/** The drawing with its legend, and the table of the same. */
import Box from "@cloudscape-design/components/box";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { fullTime } from "../../../cli/text/time-text.ts";
import { requestHref } from "../../frame/route.ts";
import { ListTable } from "../../parts/list-table.tsx";
import { Drawing } from "./drawing.tsx";
import { ENTRY_COLUMNS, entriesOf } from "./entries.ts";
import { Legend } from "./legend.tsx";
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
  const unknown = unknownIn(seen.lent, interval, now);
  const { from, to } = interval;
  return (
    <SpaceBetween size="m">
      <Container
        header={
          <Header
            variant="h2"
            description={
              <>
                Drag to move<span className="by-mouse">; Ctrl + wheel to zoom</span>. The table
                below lists the same.
              </>
            }
          >
            {fullTime(from)} to {fullTime(to)}
          </Header>
        }
      >
        {rows.length > 0 && (
          <Drawing
            rows={rows.slice(0, MOST_ROWS)}
            unknown={unknown}
            interval={interval}
            now={now}
            instant={instant}
            drag={drag}
            zoom={zoom}
          />
        )}
        {instant !== undefined && <Box>The solid line is at {fullTime(instant)}.</Box>}
        <Legend {...{ rows, unknown, interval, now }} />
        {rows.length > MOST_ROWS && (
          <Box>{rows.length - MOST_ROWS} more rows are in the table only.</Box>
        )}
      </Container>
      <div className="entries">
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
      </div>
    </SpaceBetween>
  );
}
