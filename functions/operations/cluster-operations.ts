/** Answers of the API about clusters and standing access. */
import { deploymentOf } from "../../shared/domain/values/deployment.ts";
import type { ClusterList, StandingList } from "../../shared/http/contract/cluster-answer.ts";
import type { ReachAnswer } from "../../shared/http/contract/reach-answer.ts";
import type { RouteOperation } from "../../shared/http/contract/routes.ts";
import {
  clusterAnswer,
  clusterNameOf,
  standingEntryAnswer,
} from "../../shared/http/server/cluster-answer.ts";
import { listPage } from "../../shared/http/server/list-page.ts";
import { maybeInstantOf } from "../../shared/http/server/page-query.ts";
import { reachAnswer } from "../../shared/http/server/reach-answer.ts";
import { listClusters, readClusterStanding } from "../../shared/usecases/clusters/read-clusters.ts";
import { readReach } from "../../shared/usecases/clusters/read-reach.ts";
import { type Operation, ok, queryOf } from "./operation.ts";

export const CLUSTER_OPERATIONS = {
  listClusters: async (ports, actor) => {
    const deployment = deploymentOf(ports.policy);
    const known = await listClusters(ports, actor);
    const clusters = known.map((one) => clusterAnswer(one, deployment));
    return ok({ clusters } satisfies ClusterList);
  },
  readStanding: async (ports, actor, event) => {
    const name = clusterNameOf(event);
    const { page, more } = await listPage(
      ports,
      actor,
      ["readStanding", name],
      queryOf(event),
      (asked) => readClusterStanding(ports, actor, name, asked),
    );
    const cluster = clusterAnswer(page.cluster, deploymentOf(ports.policy));
    const entries = page.items.map((entry) => standingEntryAnswer(entry, ports.policy));
    return ok({ cluster, entries, ...more } satisfies StandingList);
  },
  readReach: async (ports, actor, event) => {
    const name = clusterNameOf(event);
    const query = queryOf(event);
    const at = maybeInstantOf(query, "at");
    const { page, more } = await listPage(
      ports,
      actor,
      ["readReach", name, at ?? ""],
      query,
      (asked) => readReach(ports, actor, name, at, asked),
    );
    return ok({ ...reachAnswer(page, ports.policy), ...more } satisfies ReachAnswer);
  },
} satisfies Partial<Record<RouteOperation, Operation>>;
