/** The evidence of CloudTrail and of the cluster's audit log about a request, for auditors. */
import Box from "@cloudscape-design/components/box";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { activityLines, callColumns, foundColumns } from "../../../cli/text/evidence-text.ts";
import type { EvidenceAnswer } from "../../../shared/http/contract/answers.ts";
import { apiNow } from "../../api/clock.ts";
import { useRead } from "../../api/use-read.ts";
import { CommandLine } from "../../parts/command-line.tsx";
import { ListTable } from "../../parts/list-table.tsx";
import { NOTHING_CALLED } from "../../parts/list-words.ts";
import { ReadProblem } from "../../parts/problem-alert.tsx";

/** An answer has no more findings than that: `EvidenceAnswer`. */
const MOST_FINDINGS = 500;

export function Evidence({ id }: { readonly id: string }) {
  const reading = useRead<EvidenceAnswer>(`/v1/requests/${id}/evidence`);
  const { answer } = reading;
  const records = answer?.records ?? [];
  const lines = activityLines(records, apiNow());
  return (
    <SpaceBetween size="l">
      <ReadProblem reading={reading} />
      <ListTable
        title="Calls to EKS"
        rows={answer?.calls}
        failed={reading.problem !== undefined}
        columns={callColumns(apiNow(), records)}
        keyOf={({ at, operation, requestId }) => `${at} ${operation} ${requestId}`}
        isCut={false}
        none={NOTHING_CALLED}
      />
      <ListTable
        title="Findings around it"
        rows={answer?.findings}
        failed={reading.problem !== undefined}
        columns={foundColumns(apiNow())}
        keyOf={({ details }) => details.findingId}
        isCut={answer !== undefined && answer.findings.length >= MOST_FINDINGS}
        none="No finding around this access is on record."
      />
      <Container header={<Header variant="h2">What was done with it</Header>}>
        {lines.length === 0 ? (
          <Box color="text-body-secondary">
            There is no summary. It comes a while after the end, where the cluster's audit log is
            asked.
          </Box>
        ) : (
          lines.map((line) => <div key={line}>{line}</div>)
        )}
      </Container>
      <Container header={<Header variant="h2">Keep and verify it</Header>}>
        <CommandLine text={`timelatch audit bundle ${id}`} />
        <Box color="text-body-secondary">
          It writes a folder with everything above, which timelatch audit verify checks offline.
        </Box>
      </Container>
    </SpaceBetween>
  );
}
