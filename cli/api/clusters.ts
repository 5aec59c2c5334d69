import type {
  ClusterAnswer,
  ClusterList,
  StandingEntryAnswer,
  StandingList,
} from "../../shared/http/contract/cluster-answer.ts";
import type { Api } from "./api-client.ts";
import { pages } from "./pages.ts";

/** A cluster, and all that stood on it when it was last read. */
export interface ClusterStanding {
  readonly cluster: ClusterAnswer;
  readonly entries: readonly StandingEntryAnswer[];
}

/** Every cluster of the policy. @throws Failure */
export const clustersOf = async (api: Api): Promise<readonly ClusterAnswer[]> =>
  (await api.send<ClusterList>({ method: "GET", path: "/v1/clusters" })).clusters;

/** Every page, in the order of the API. @throws Failure */
export async function standingOn(api: Api, name: string): Promise<ClusterStanding> {
  const entries: StandingEntryAnswer[] = [];
  let cluster: ClusterAnswer | undefined;
  const path = `/v1/clusters/${encodeURIComponent(name)}/standing`;
  for await (const page of pages<StandingList>(api, path)) {
    cluster ??= page.cluster;
    entries.push(...page.entries);
  }
  if (!cluster) throw new Error("The API answered no page.");
  return { cluster, entries };
}
