/** The list of everyone who could reach a cluster at an instant of the past, and the parts that nobody knows. */
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Link from "@cloudscape-design/components/link";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { findingColumns } from "../../../cli/text/finding-text.ts";
import { ofPerson } from "../../../cli/text/reach-person-text.ts";
import type { ReachRow } from "../../../cli/text/reach-text.ts";
import { countsText, reachThenRows, unknownTexts } from "../../../cli/text/reach-then-text.ts";
import { type ReachAnswer, reachOfPages } from "../../../shared/http/contract/reach-answer.ts";
import { readPages } from "../../api/client.ts";
import { apiNow } from "../../api/clock.ts";
import { useRead } from "../../api/use-read.ts";
import { requestHref, timeLineHref } from "../../frame/route.ts";
import { ListTable } from "../../parts/list-table.tsx";
import { NOTHING_REACHED } from "../../parts/list-words.ts";
import { ReadProblem } from "../../parts/problem-alert.tsx";
import { nothingText, PersonField, useAskedPerson, Verdict } from "./person.tsx";
import { REACH_COLUMNS, readsConfigMap } from "./reach.tsx";

interface ReachThenProps {
  /** The cluster's in `access.yaml`. */
  readonly name: string;
  /** ISO 8601 UTC. */
  readonly at: string;
}

export function ReachThen({ name, at }: ReachThenProps) {
  const path = `/v1/clusters/${encodeURIComponent(name)}/reach?at=${encodeURIComponent(at)}`;
  // Read once: the past stays as it is.
  const reading = useRead(path, 0, readAll);
  const reach = reading.answer && reachOfPages(reading.answer);
  const asked = useAskedPerson(name);
  const { person } = asked;
  const shown = reach && (person ? ofPerson(reach, person) : reach);
  const isCut = reach?.next !== undefined;
  const failed = reading.problem !== undefined;
  return (
    <SpaceBetween size="s">
      <PersonField {...asked.field} />
      <ReadProblem reading={reading} />
      <ReadProblem reading={asked.reading} />
      {reach && person && <Verdict listed={reach} person={person} kind={{ when: "then", isCut }} />}
      {isCut && <Box>Not all was read: timelatch reach --at lists all of it.</Box>}
      {reach && shown && <NotKnown reach={reach} counts={countsText(shown, person)} />}
      <Link href={timeLineHref(name, at)}>The time line around that instant</Link>
      <ListTable
        title="Access then"
        rows={shown && reachThenRows(shown)}
        failed={failed}
        columns={REACH_COLUMNS}
        searchFor="A person, role or namespace"
        keyOf={({ key }) => key}
        isCut={isCut || (reach !== undefined && !isAllKnown(reach))}
        none={nothingText(NOTHING_REACHED, person)}
        action={({ id }: ReachRow) =>
          id === undefined ? null : <a href={requestHref(id)}>Look at it</a>
        }
      />
      <ListTable
        title="Findings from an hour before to an hour after"
        rows={reach?.findings}
        failed={failed}
        columns={findingColumns(at, reach?.findings ?? [])}
        keyOf={({ findingId }) => findingId}
        isCut={isCut}
        none="No finding of that time is on record."
      />
    </SpaceBetween>
  );
}

/** Whether nobody can have had access that the list lacks, as far as access entries say. */
const isAllKnown = ({ standing, cluster }: ReachAnswer): boolean =>
  standing.unknown === null && !readsConfigMap(cluster);

/** A day of a busy cluster has many grants, and standing access comes behind them. */
const MOST_ROWS = 2_000;

const readAll = (path: string, signal: AbortSignal): Promise<readonly ReachAnswer[]> =>
  readPages<ReachAnswer>(path, signal, MOST_ROWS);

/** How many are listed, and a warning for each thing that nobody knows. */
function NotKnown({ reach, counts }: { readonly reach: ReachAnswer; readonly counts: string }) {
  return (
    <SpaceBetween size="xs">
      <Box>{counts}</Box>
      {unknownTexts(reach, apiNow()).map((text) => (
        <Alert key={text} type="warning">
          {text}
        </Alert>
      ))}
    </SpaceBetween>
  );
}
