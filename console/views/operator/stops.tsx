/** Suspensions and the drain: who is stopped, and the buttons that stop or lift, for admins. */
import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { drainedText, suspendedColumns } from "../../../cli/text/stops-text.ts";
import { visible } from "../../../shared/domain/values/visible-text.ts";
import type { StopsAnswer } from "../../../shared/http/contract/stops-answer.ts";
import { apiNow } from "../../api/clock.ts";
import { useSession } from "../../api/session.ts";
import { useRead } from "../../api/use-read.ts";
import { ListTable } from "../../parts/list-table.tsx";
import { ReadProblem } from "../../parts/problem-alert.tsx";
import { ChangeStop, type StopChange } from "./change-stop.tsx";

export function Stops() {
  const { person, roles } = useSession();
  const reading = useRead<StopsAnswer>("/v1/suspensions");
  const [asks, setAsks] = useState<StopChange>();
  const { suspended, drain } = reading.answer ?? {};
  const isAdmin = roles.includes("admins");
  const lift = (liftedBy: readonly string[], change: StopChange) =>
    liftedBy.includes(person) ? <Button onClick={() => setAsks(change)}>Lift</Button> : null;
  return (
    <>
      <ReadProblem reading={reading} />
      {drain && (
        <Alert type="warning" action={lift(drain.liftedBy, { kind: "lift-drain" })}>
          {drainedText(drain, apiNow())}
        </Alert>
      )}
      <ListTable
        title="Suspended people"
        rows={suspended}
        failed={reading.problem !== undefined}
        columns={suspendedColumns(apiNow())}
        keyOf={(each) => each.person}
        isCut={false}
        none="Nobody is suspended."
        actions={isAdmin && <Buttons isDrained={Boolean(drain)} ask={setAsks} />}
        action={(each) =>
          lift(each.liftedBy, { kind: "lift", person: each.person }) ?? (
            <span>{each.liftedBy.map(visible).join(" or ")}</span>
          )
        }
      />
      {asks && (
        <ChangeStop
          change={asks}
          close={(done) => {
            setAsks(undefined);
            if (done) reading.again();
          }}
        />
      )}
    </>
  );
}

interface ButtonsProps {
  readonly isDrained: boolean;
  readonly ask: (change: StopChange) => void;
}

const Buttons = ({ isDrained, ask }: ButtonsProps) => (
  <SpaceBetween direction="horizontal" size="xs">
    <Button onClick={() => ask({ kind: "suspend" })}>Suspend somebody</Button>
    {!isDrained && <Button onClick={() => ask({ kind: "drain" })}>Drain the broker</Button>}
  </SpaceBetween>
);
