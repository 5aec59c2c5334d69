/** My delegations, both ways, and a dialog that lets somebody else decide for a while. */
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Header from "@cloudscape-design/components/header";
import Table, { type TableProps } from "@cloudscape-design/components/table";
import { useState } from "react";
import { visible } from "../../../shared/domain/values/visible-text.ts";
import type {
  DelegationAnswer,
  DelegationList,
} from "../../../shared/http/contract/delegation-answer.ts";
import { change } from "../../api/client.ts";
import { useSession } from "../../api/session.ts";
import { useRead } from "../../api/use-read.ts";
import { Confirm } from "../../parts/confirm.tsx";
import { Away, Instant } from "../../parts/instant.tsx";
import { ReadProblem } from "../../parts/problem-alert.tsx";
import { Delegate } from "./delegate.tsx";

export function Delegations() {
  const { person } = useSession();
  const reading = useRead<DelegationList>("/v1/delegations");
  const [asks, setAsks] = useState<DelegationAnswer | "new">();
  const mine = reading.answer?.delegations.filter(({ by, to }) => by === person || to === person);
  const close = (done: boolean) => {
    setAsks(undefined);
    if (done) reading.again();
  };
  return (
    <>
      <ReadProblem reading={reading} />
      <Table
        header={
          <Header
            actions={<Button onClick={() => setAsks("new")}>Delegate</Button>}
            description="Who decides for whom, and until when."
          >
            My delegations
          </Header>
        }
        items={mine ?? []}
        columnDefinitions={[...COLUMNS, endColumn(setAsks)]}
        loading={mine === undefined && reading.problem === undefined}
        loadingText="Reading"
        trackBy="id"
        wrapLines
        ariaLabels={{ tableLabel: "My delegations" }}
        empty={
          <Box color="text-body-secondary">
            You have no delegations, and nobody has delegated to you.
          </Box>
        }
      />
      {asks === "new" && <Delegate close={close} />}
      {typeof asks === "object" && <EndOf delegation={asks} close={close} />}
    </>
  );
}

const COLUMNS: TableProps.ColumnDefinition<DelegationAnswer>[] = [
  { id: "for", header: "Delegator", isRowHeader: true, cell: ({ by }) => visible(by) },
  { id: "by", header: "Delegate", cell: ({ to }) => visible(to) },
  { id: "from", header: "From", cell: ({ from }) => <Instant at={from} /> },
  { id: "until", header: "Until", cell: ({ until }) => <Away at={until} /> },
  { id: "state", header: "State", cell: ({ state }) => visible(state) },
];

const endColumn = (
  ask: (delegation: DelegationAnswer) => void,
): TableProps.ColumnDefinition<DelegationAnswer> => ({
  id: "end",
  header: "End",
  cell: (delegation) => (
    <Button
      variant="inline-link"
      ariaLabel={`End the delegation of ${visible(delegation.by)} to ${visible(delegation.to)}`}
      onClick={() => ask(delegation)}
    >
      End
    </Button>
  ),
});

interface EndProps {
  readonly delegation: DelegationAnswer;
  readonly close: (done: boolean) => void;
}

const EndOf = ({ delegation: { id, by, to }, close }: EndProps) => (
  <Confirm
    title="End the delegation"
    button={`End it: ${visible(to)} no longer decides for ${visible(by)}`}
    send={() => change(`/v1/delegations/${id}`, undefined, "DELETE")}
    close={close}
  >
    <p>It ends at once. Approvals that were given stay.</p>
  </Confirm>
);
