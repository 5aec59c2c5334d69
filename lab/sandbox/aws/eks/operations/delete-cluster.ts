import type { Operation } from "../../service.ts";
import type { EksDependencies } from "../dependencies.ts";
import { clusterBusy } from "../errors.ts";
import { requireCluster } from "../find.ts";
import { required, text } from "../input.ts";
import { askOnCluster } from "../permissions.ts";
import { settledState } from "../settle.ts";
import { clusterShape } from "../wire.ts";

/** DeleteCluster: DELETING, and deleted with all its entries `updateSeconds` later. */
export function deleteCluster({ eks, updateSeconds }: EksDependencies): Operation {
  return {
    permissions: (input) => {
      const name = required(text(input, "name"), "name");
      return [askOnCluster("eks:DeleteCluster", eks.state, name)];
    },
    run: (call) => {
      const name = required(text(call.input, "name"), "name");
      settledState(eks, call.now);
      return eks.change((state) => {
        const cluster = requireCluster(state, name);
        if (cluster.status !== "ACTIVE") throw clusterBusy(name, cluster.status);
        cluster.status = "DELETING";
        cluster.settlesAt = new Date(call.now.getTime() + updateSeconds * 1000).toISOString();
        return { cluster: clusterShape(cluster) };
      });
    },
  };
}
