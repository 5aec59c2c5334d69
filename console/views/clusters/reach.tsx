/** The list of who can reach a cluster, most power first. */
import Box from "@cloudscape-design/components/box";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { Column } from "../../../cli/terminal/table.ts";
import { ofPerson } from "../../../cli/text/reach-person-text.ts";
import { type ReachRow, reachRows } from "../../../cli/text/reach-text.ts";
import type { RequestList } from "../../../shared/http/contract/answers.ts";
import type { ClusterAnswer, StandingList } from "../../../shared/http/contract/cluster-answer.ts";
import { readPages } from "../../api/client.ts";
import { useNow } from "../../api/clock.ts";
import { SELDOM, useRead } from "../../api/use-read.ts";
import { requestHref } from "../../frame/route.ts";
import { ListTable } from "../../parts/list-table.tsx";
import { NOTHING_REACHES } from "../../parts/list-words.ts";
import { ReadProblem } from "../../parts/problem-alert.tsx";
import { nothingText, PersonField, useAskedPerson, Verdict } from "./person.tsx";

export function Reach({ cluster }: { readonly cluster: ClusterAnswer }) {
  const grants = useRead("/v1/grants", SELDOM, readPages<RequestList>);
  const standing = useRead(
    `/v1/clusters/${encodeURIComponent(cluster.name)}/standing`,
    SELDOM,
    readPages<StandingList>,
  );
  const now = useNow();
  const asked = useAskedPerson(cluster.name);
  const { person } = asked;
  const listed = grants.answer &&
    standing.answer && {
      grants: grants.answer
        .flatMap(({ requests }) => requests)
        .filter((grant) => grant.cluster === cluster.name),
      entries: standing.answer.flatMap(({ entries }) => entries),
    };
  const shown = listed && (person ? ofPerson(listed, person) : listed);
  const rows = shown && reachRows(cluster, shown.grants, shown.entries, now);
  const isCut = goesOn(grants.answer) || goesOn(standing.answer);
  return (
    <SpaceBetween size="s">
      <PersonField {...asked.field} />
      <ReadProblem reading={grants} />
      <ReadProblem reading={standing} />
      <ReadProblem reading={asked.reading} />
      {listed && person && (
        <Verdict listed={listed} person={person} kind={{ when: "now", isCut }} />
      )}
      {isCut && <Box>Not all was read: timelatch reach lists all of it.</Box>}
      <ListTable
        title="Access now"
        rows={rows}
        failed={grants.problem !== undefined || standing.problem !== undefined}
        columns={REACH_COLUMNS}
        searchFor="A person, role or namespace"
        keyOf={({ key }) => key}
        isCut={isCut || !cluster.standing || readsConfigMap(cluster)}
        none={nothingText(NOTHING_REACHES, person)}
        action={({ id }) => (id === undefined ? null : <a href={requestHref(id)}>Look at it</a>)}
      />
    </SpaceBetween>
  );
}

const goesOn = (pages: readonly { readonly next?: string }[] | undefined): boolean =>
  pages?.at(-1)?.next !== undefined;

/** The columns, whenever it was. */
export const REACH_COLUMNS: readonly Column<ReachRow>[] = [
  { title: "POWER", text: ({ power }) => power },
  { title: "WHO", text: ({ who }) => who },
  { title: "THROUGH", text: ({ through }) => through },
  { title: "ACCESS", text: ({ access }) => access },
];

/** Whether EKS reads aws-auth there: no list has the people in it. */
export const readsConfigMap = ({ setup }: Pick<ClusterAnswer, "setup">): boolean =>
  setup?.cluster != null && setup.cluster.authenticationMode !== "API";
