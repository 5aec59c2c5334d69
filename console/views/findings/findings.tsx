/** Findings: changes that nothing explains, the open ones first. */
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Toggle from "@cloudscape-design/components/toggle";
import { useState } from "react";
import { findingColumns, findingFacts, findingWords } from "../../../cli/text/finding-text.ts";
import { plusSeconds } from "../../../shared/domain/values/instant.ts";
import type { FindingAnswer, FindingList } from "../../../shared/http/contract/answers.ts";
import { change, readPages } from "../../api/client.ts";
import { apiNow } from "../../api/clock.ts";
import { RARELY, type Reading, SELDOM, useRead } from "../../api/use-read.ts";
import { Confirm } from "../../parts/confirm.tsx";
import { Facts } from "../../parts/facts.tsx";
import { ListTable } from "../../parts/list-table.tsx";
import { ReadProblem } from "../../parts/problem-alert.tsx";

/** CloudTrail's event history reaches as far back. */
const DAYS = 90;

export function Findings() {
  const [all, setAll] = useState(false);
  const reading = useFindings(all);
  const [chosen, setChosen] = useState<FindingAnswer>();
  const rows = reading.answer?.flatMap(({ findings }) => findings);
  const isCut = reading.answer?.at(-1)?.next !== undefined;
  return (
    <SpaceBetween size="l">
      <Header variant="h1">Findings</Header>
      <Box>
        Changes to cluster access that no grant explains, and calls of Timelatch that CloudTrail
        lacks.
      </Box>
      <ReadProblem reading={reading} />
      <ListTable
        title={all ? "Findings of the last 90 days" : "Open findings"}
        rows={rows?.toSorted(openFirst)}
        failed={reading.problem !== undefined}
        columns={findingColumns(apiNow(), rows ?? [])}
        keyOf={({ findingId }) => findingId}
        isCut={isCut}
        none={all ? "No finding is on record." : "No finding is open."}
        actions={
          <Toggle checked={all} onChange={({ detail }) => setAll(detail.checked)}>
            Acknowledged ones too
          </Toggle>
        }
        action={(finding) => (
          <Button
            variant="inline-link"
            ariaLabel={`Look at finding ${finding.findingId.slice(0, 8)}`}
            onClick={() => setChosen(finding)}
          >
            Look at it
          </Button>
        )}
      />
      {isCut && (
        <Box>Not all was read: timelatch findings {all ? "--all " : ""}lists all of them.</Box>
      )}
      {chosen && (
        <Acknowledge
          finding={chosen}
          close={(done) => {
            setChosen(undefined);
            if (done) reading.again();
          }}
        />
      )}
    </SpaceBetween>
  );
}

/** @param all acknowledged ones too, of the last days */
function useFindings(all: boolean): Reading<readonly FindingList[]> {
  // Fixed while the view is open: a window that moved would be another read each time.
  const [from] = useState(() => plusSeconds(apiNow(), -DAYS * 86_400));
  const between = new URLSearchParams({ from, to: plusSeconds(from, (DAYS + 1) * 86_400) });
  return useRead(
    all ? `/v1/findings?view=all&${between}` : "/v1/findings?view=open",
    all ? RARELY : SELDOM,
    readPages<FindingList>,
  );
}

const openFirst = (a: FindingAnswer, b: FindingAnswer): number =>
  Number(b.state === "open") - Number(a.state === "open") || (a.recordedAt < b.recordedAt ? 1 : -1);

interface AcknowledgeProps {
  readonly finding: FindingAnswer;
  readonly close: (done: boolean) => void;
}

const Acknowledge = ({ finding, close }: AcknowledgeProps) => (
  <Confirm
    title={`Finding: ${findingWords(finding)}`}
    button="Acknowledge it"
    note={{ label: "What you found out", required: true }}
    send={(note) => change(`/v1/findings/${finding.findingId}/acknowledgement`, { note })}
    close={close}
  >
    <Facts columns={1} facts={findingFacts(finding, apiNow())} />
  </Confirm>
);
