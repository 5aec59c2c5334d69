/** My requests that ended lately, each with a way to ask for the same again. */

import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Header from "@cloudscape-design/components/header";
import Link from "@cloudscape-design/components/link";
import Table, { type TableProps } from "@cloudscape-design/components/table";
import { outcomeText } from "../../../cli/text/request-text.ts";
import { visible } from "../../../shared/domain/values/visible-text.ts";
import type { RequestSummary } from "../../../shared/http/contract/answers.ts";
import { requestHref } from "../../frame/route.ts";
import { goTo } from "../../frame/use-route.ts";
import { accessOnWords } from "../../parts/access-words.ts";
import { Instant } from "../../parts/instant.tsx";
import { emptyText, NOTHING_ENDED } from "../../parts/list-words.ts";
import { StateLabel } from "../../parts/state-label.tsx";
import { askTheSame } from "../ask/same-again.ts";

const MOST = 10;

interface EndedProps {
  /** Whether there are more requests than were read. */
  readonly isCut: boolean;
  readonly requests: readonly RequestSummary[] | undefined;
  /** Whether they could not be read. */
  readonly failed: boolean;
}

export const Ended = ({ requests, failed, isCut }: EndedProps) => (
  <Table
    header={<Header>What ended lately</Header>}
    items={requests?.slice(0, MOST) ?? []}
    columnDefinitions={COLUMNS}
    loading={requests === undefined && !failed}
    loadingText="Reading"
    trackBy="id"
    wrapLines
    ariaLabels={{ tableLabel: "What ended lately" }}
    empty={
      <Box color="text-body-secondary">{emptyText({ rows: requests, isCut }, NOTHING_ENDED)}</Box>
    }
  />
);

const COLUMNS: TableProps.ColumnDefinition<RequestSummary>[] = [
  {
    id: "access",
    header: "Access",
    minWidth: 150,
    isRowHeader: true,
    cell: (request) => <Link href={requestHref(request.id)}>{accessOnWords(request)}</Link>,
  },
  { id: "state", header: "State", cell: ({ state }) => <StateLabel state={state} /> },
  {
    id: "when",
    header: "When",
    cell: ({ endedAt, createdAt }) => <Instant at={endedAt ?? createdAt} />,
  },
  {
    id: "why",
    header: "Why",
    cell: ({ outcome }) => (outcome ? visible(outcomeText(outcome)) : "Its time was over."),
  },
  {
    id: "again",
    header: "Again",
    cell: (request) =>
      request.extends === undefined ? (
        <Button
          variant="inline-link"
          ariaLabel={`Ask again for ${accessOnWords(request)}`}
          onClick={() => {
            askTheSame(request);
            goTo("#/ask");
          }}
        >
          Ask again
        </Button>
      ) : null,
  },
];
