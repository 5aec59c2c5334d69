/** The list of who can reach a cluster, most power first. */
import Box from "@cloudscape-design/components/box";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { Column } from "../../../cli/terminal/table.ts";
import { type ReachRow, reachRows } from "../../../cli/text/reach-text.ts";
import type { RequestList } from "../../../shared/http/contract/answers.ts";
import type { ClusterAnswer, StandingList } from "../../../shared/http/contract/cluster-answer.ts";
import { useNow } from "../../api/clock.ts";
import { useRead } from "../../api/use-read.ts";
import { requestHref } from "../../frame/route.ts";
import { ListTable } from "../../parts/list-table.tsx";
import { NOTHING_REACHES } from "../../parts/list-words.ts";
import { ReadProblem } from "../../parts/problem-alert.tsx";

export function Reach({ cluster }: { readonly cluster: ClusterAnswer }) {
  const grants = useRead<RequestList>("/v1/grants");
  const standing = useRead<StandingList>(
    `/v1/clusters/${encodeURIComponent(cluster.name)}/standing`,
  );
  const now = useNow();
  const rows =
    grants.answer && standing.answer
      ? reachRows(cluster, grants.answer.requests, standing.answer.entries, now)
      : undefined;
  const isCut = grants.answer?.next !== undefined || standing.answer?.next !== undefined;
  return (
    <SpaceBetween size="s">
      <ReadProblem reading={grants} />
      <ReadProblem reading={standing} />
      {isCut && (
        <Box>
          There is more than one page: timelatch grants and timelatch clusters list all of it.
        </Box>
      )}
      <ListTable
        title="Access now"
        rows={rows}
        failed={grants.problem !== undefined || standing.problem !== undefined}
        columns={REACH_COLUMNS}
        searchFor="A person, role or namespace"
        keyOf={({ key }) => key}
        isCut={isCut}
        none={NOTHING_REACHES}
        action={({ id }) => (id === undefined ? null : <a href={requestHref(id)}>Look at it</a>)}
      />
    </SpaceBetween>
  );
}

/** The columns, whenever it was. */
export const REACH_COLUMNS: readonly Column<ReachRow>[] = [
  { title: "POWER", text: ({ power }) => power },
  { title: "WHO", text: ({ who }) => who },
  { title: "THROUGH", text: ({ through }) => through },
  { title: "ACCESS", text: ({ access }) => access },
];
