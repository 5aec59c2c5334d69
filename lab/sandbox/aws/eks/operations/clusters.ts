import type { Operation } from "../../service.ts";
import type { EksDependencies } from "../dependencies.ts";
import { clusterBusy, notEmulated } from "../errors.ts";
import { requireCluster } from "../find.ts";
import { required, text, texts } from "../input.ts";
import { page } from "../paging.ts";
import { askOnCluster } from "../permissions.ts";
import { settledState } from "../settle.ts";
import { clusterShape } from "../wire.ts";

/** DescribeCluster. */
export function describeCluster({ eks, reads }: EksDependencies): Operation {
  return {
    permissions: (input) => {
      const name = required(text(input, "name"), "name");
      return [askOnCluster("eks:DescribeCluster", eks.state, name)];
    },
    run: (call) => {
      const name = required(text(call.input, "name"), "name");
      return { cluster: clusterShape(requireCluster(reads.state(call, name), name)) };
    },
  };
}

/** ListClusters: names, ascending. Connected clusters (`include`) do not exist here. */
export function listClusters({ eks }: EksDependencies): Operation {
  return {
    permissions: () => [{ action: "eks:ListClusters", resource: "*" }],
    run: (call) => {
      if ((texts(call.input, "include") ?? []).length > 0) {
        throw notEmulated("the parameter include of ListClusters");
      }
      const { items, nextToken } = page(
        ["ListClusters"],
        Object.keys(settledState(eks, call.now).clusters),
        (name) => name,
        call.input,
      );
      return { clusters: items, nextToken };
    },
  };
}

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
