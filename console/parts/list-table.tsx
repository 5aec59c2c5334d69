/** A table of the columns that the command prints, so that both say the same. */
import Box from "@cloudscape-design/components/box";
import Header from "@cloudscape-design/components/header";
import Pagination from "@cloudscape-design/components/pagination";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import Table, { type TableProps } from "@cloudscape-design/components/table";
import TextFilter from "@cloudscape-design/components/text-filter";
import { type ReactNode, useState } from "react";
import type { Style } from "../../cli/terminal/screen.ts";
import type { Column } from "../../cli/terminal/table.ts";
import { counterText, emptyText, matchesText, noMatchText } from "./list-words.ts";

interface ListTableProps<Row> {
  readonly title: string;
  readonly rows: readonly Row[] | undefined;
  /** Whether they could not be read. The view says why above. */
  readonly failed: boolean;
  readonly columns: readonly Column<Row>[];
  readonly keyOf: (row: Row) => string;
  /** Whether the API has more than these rows. */
  readonly isCut: boolean;
  /** The text in place of rows, where the whole list has no row. */
  readonly none: string;
  /** The last column: a button or a link for each row. */
  readonly action?: (row: Row) => ReactNode;
  readonly actions?: ReactNode;
  /** The kind of text that finds rows, such as a person; without it there is no search. */
  readonly searchFor?: string;
}

/** The rows on a page: the browser slows down with each row that it holds. */
const ON_A_PAGE = 50;

export function ListTable<Row>(props: ListTableProps<Row>) {
  const { title, columns, keyOf, none, action, actions, failed, searchFor } = props;
  const [wanted, setWanted] = useState("");
  const [page, setPage] = useState(1);
  const isUnknown = props.rows === undefined;
  const rows = props.rows?.filter((row) => isFound(columns, row, wanted));
  const pages = Math.max(1, Math.ceil((rows?.length ?? 0) / ON_A_PAGE));
  // A list that became shorter has no such page any more.
  const at = Math.min(page, pages);
  return (
    <Table
      header={
        <Header counter={counterText(props)} actions={actions}>
          {title}
        </Header>
      }
      filter={
        searchFor !== undefined && (
          <Search {...{ title, searchFor, wanted, setWanted }} found={rows?.length ?? 0} />
        )
      }
      columnDefinitions={definitionsOf(columns, action)}
      items={rows?.slice((at - 1) * ON_A_PAGE, at * ON_A_PAGE) ?? []}
      totalItemsCount={rows?.length ?? 0}
      firstIndex={(at - 1) * ON_A_PAGE + 1}
      pagination={pages > 1 && <Pager title={title} at={at} pages={pages} turn={setPage} />}
      loading={isUnknown && !failed}
      loadingText="Reading"
      trackBy={keyOf}
      wrapLines
      variant="container"
      enableKeyboardNavigation
      ariaLabels={{ tableLabel: title }}
      empty={
        <Box color="text-body-secondary">
          {wanted === "" ? emptyText(props, none) : noMatchText(wanted, props)}
        </Box>
      }
    />
  );
}

function definitionsOf<Row>(
  columns: readonly Column<Row>[],
  action: ListTableProps<Row>["action"],
): TableProps.ColumnDefinition<Row>[] {
  const shown = columns.map(
    (column): TableProps.ColumnDefinition<Row> => ({
      id: column.title,
      header: titleOf(column.title),
      cell: (row) => <Cell text={column.text(row)} style={column.style?.(row)} />,
    }),
  );
  if (!action) return shown;
  const cell = (row: Row) => <span className="action">{action(row)}</span>;
  return [...shown, { id: "action", header: "Action", cell }];
}

interface SearchProps {
  readonly title: string;
  readonly searchFor: string;
  readonly wanted: string;
  readonly setWanted: (wanted: string) => void;
  /** How many rows have the text. */
  readonly found: number;
}

const Search = ({ title, searchFor, wanted, setWanted, found }: SearchProps) => (
  <TextFilter
    filteringText={wanted}
    filteringAriaLabel={`Find in ${title}`}
    filteringClearAriaLabel="Clear"
    filteringPlaceholder={searchFor}
    countText={matchesText(found)}
    onChange={({ detail }) => setWanted(detail.filteringText)}
  />
);

/** Whether a column has the text, in whatever case. */
const isFound = <Row,>(columns: readonly Column<Row>[], row: Row, wanted: string): boolean =>
  columns.some(({ text }) => text(row).toLowerCase().includes(wanted.trim().toLowerCase()));

interface PagerProps {
  readonly title: string;
  readonly at: number;
  readonly pages: number;
  readonly turn: (page: number) => void;
}

const Pager = ({ title, at, pages, turn }: PagerProps) => (
  <Pagination
    currentPageIndex={at}
    pagesCount={pages}
    onChange={({ detail }) => turn(detail.currentPageIndex)}
    ariaLabels={{
      nextPageLabel: `Next page of ${title}`,
      previousPageLabel: `Previous page of ${title}`,
      pageLabel: (number) => `Page ${number} of ${title}`,
    }}
  />
);

/** The command writes titles in capitals. */
const titleOf = (title: string): string =>
  NAMES[title] ?? title.charAt(0) + title.slice(1).toLowerCase();

const NAMES: Readonly<Record<string, string>> = { "#": "No.", CLOUDTRAIL: "CloudTrail", ID: "Id" };

const TYPES = { green: "success", yellow: "pending", red: "error" } as const;

function Cell({ text, style }: { readonly text: string; readonly style: Style | undefined }) {
  const type = style && style in TYPES ? TYPES[style as keyof typeof TYPES] : undefined;
  return type ? (
    <StatusIndicator type={type} wrapText={false}>
      {text}
    </StatusIndicator>
  ) : (
    <span>{text}</span>
  );
}
