/** A real grant, from the request until EKS shows its access no longer. */
import type { Fact } from "../fact.ts";
import type { Part } from "../part.ts";
import { clientsOf } from "../scratch.ts";
import { entrySight } from "./entry-sight.ts";
import { lendView } from "./lend-view.ts";

export const grant: Part = {
  name: "grant",
  does: "asks for AmazonEKSViewPolicy as yourself for five minutes on the first named cluster, and waits for an approver and for the end",
  async play(stage): Promise<readonly Fact[]> {
    const { asker, clusters, policy, deployed } = stage;
    const [cluster] = clusters;
    if (!cluster) return [];
    const clients = clientsOf(stage, cluster);
    return lendView({
      ...{ ...asker, policy, cluster: cluster.name, account: deployed.account },
      api: await asker.context.api(),
      sight: { entry: (arn, principal) => entrySight(clients, arn, principal) },
    });
  },
};
