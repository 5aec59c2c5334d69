/** Everything that a time line is drawn from, read again while somebody looks. */
import { secondsBetween } from "../../../shared/domain/values/instant.ts";
import type { FindingList } from "../../../shared/http/contract/answers.ts";
import type { ClusterAnswer, StandingList } from "../../../shared/http/contract/cluster-answer.ts";
import type { GrantList, GrantSummary } from "../../../shared/http/contract/grant-answer.ts";
import { readPages } from "../../api/client.ts";
import { RARELY, type Reading, SELDOM, useRead } from "../../api/use-read.ts";
import { findingsOn, grantsOn, type Seen } from "./rows.ts";
import type { Interval } from "./scale.ts";

export interface Looked {
  /** Undefined while something was never read. */
  readonly all: Seen | undefined;
  /** Whether something could not be read. */
  readonly failed: boolean;
  readonly readings: readonly Reading<unknown>[];
  /** The pages of the grants of the interval; empty while nobody knows. */
  readonly lent: readonly GrantList[];
  /** Entries of the list without a sound record. */
  readonly leftOut: number;
  /** The lists that go on, besides that of the interval's grants. */
  readonly cut: readonly ("open grants" | "findings" | "standing access")[];
}

/** Two pages of findings, each of which searches a hundred hours. */
const LONG_SECONDS = 8 * 86_400;

export function useSeen(cluster: ClusterAnswer, { from, to }: Interval): Looked {
  const between = new URLSearchParams({ from, to });
  const name = encodeURIComponent(cluster.name);
  const lent = useRead(
    `/v1/grants?view=all&cluster=${name}&${between}`,
    SELDOM,
    readPages<GrantList>,
  );
  const open = useRead("/v1/grants", SELDOM, readPages<GrantList>);
  const isLong = secondsBetween(from, to) > LONG_SECONDS;
  const found = useRead(
    `/v1/findings?view=all&${between}`,
    isLong ? RARELY : SELDOM,
    readPages<FindingList>,
  );
  const standing = useRead(`/v1/clusters/${name}/standing`, SELDOM, readPages<StandingList>);
  const readings = [lent, open, found, standing];
  const isRead = lent.answer && open.answer && found.answer && standing.answer;
  const grants = (pages: readonly GrantList[]): readonly GrantSummary[] =>
    pages.flatMap(({ requests }) => requests);
  return {
    all: isRead && {
      cluster,
      grants: grantsOn(cluster, grants(lent.answer), grants(open.answer)),
      findings: findingsOn(
        cluster,
        found.answer.flatMap(({ findings }) => findings),
      ),
      entries: standing.answer.flatMap(({ entries }) => entries),
    },
    failed: readings.some(({ problem }) => problem !== undefined),
    readings,
    lent: lent.answer ?? [],
    leftOut: lent.answer?.reduce((sum, { leftOut = 0 }) => sum + leftOut, 0) ?? 0,
    cut: [
      ...(goesOn(open) ? (["open grants"] as const) : []),
      ...(goesOn(found) ? (["findings"] as const) : []),
      ...(goesOn(standing) ? (["standing access"] as const) : []),
    ],
  };
}

const goesOn = ({ answer }: Reading<readonly { readonly next?: string }[]>): boolean =>
  answer?.at(-1)?.next !== undefined;
