/** Operator: who is stopped, every open grant, and the clusters with how old each reading is. */
import Box from "@cloudscape-design/components/box";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { clusterColumns } from "../../../cli/text/cluster-columns.ts";
import { requestColumns } from "../../../cli/text/request-text.ts";
import type { RequestList } from "../../../shared/http/contract/answers.ts";
import type { ClusterList } from "../../../shared/http/contract/cluster-answer.ts";
import { apiNow } from "../../api/clock.ts";
import { useRead } from "../../api/use-read.ts";
import { requestHref } from "../../frame/route.ts";
import { ListTable } from "../../parts/list-table.tsx";
import { NOTHING_LENT } from "../../parts/list-words.ts";
import { ReadProblem } from "../../parts/problem-alert.tsx";
import { Stops } from "./stops.tsx";

export function Operator() {
  const grants = useRead<RequestList>("/v1/grants");
  const clusters = useRead<ClusterList>("/v1/clusters");
  const open = grants.answer?.requests;
  return (
    <SpaceBetween size="l">
      <Header variant="h1">Operator</Header>
      <Stops />
      <ReadProblem reading={grants} />
      <ListTable
        title="Access that is lent now"
        rows={open}
        failed={grants.problem !== undefined}
        columns={requestColumns(apiNow(), open ?? []).filter(({ title }) => title !== "ID")}
        keyOf={({ id }) => id}
        isCut={grants.answer?.next !== undefined}
        none={NOTHING_LENT}
        action={({ id }) => <a href={requestHref(id)}>Look at it</a>}
      />
      {grants.answer?.next !== undefined && (
        <Box>There is more: timelatch grants lists all of it.</Box>
      )}
      <ReadProblem reading={clusters} />
      <ListTable
        title="Clusters"
        rows={clusters.answer?.clusters}
        failed={clusters.problem !== undefined}
        columns={clusterColumns(apiNow())}
        keyOf={({ clusterArn }) => clusterArn}
        isCut={false}
        none="access.yaml names no cluster."
      />
    </SpaceBetween>
  );
}
