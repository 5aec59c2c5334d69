import type { Operation } from "../../service.ts";
import { enforce } from "../check.ts";
import type { EksDependencies } from "../dependencies.ts";
import { entryAddress } from "../entry-address.ts";
import { isNoServiceLinkedRole } from "../entry-rules.ts";
import { requireEntryCluster } from "../find.ts";
import { askOnEntry } from "../permissions.ts";
import { settledState } from "../settle.ts";

/** DeleteAccessEntry: the entry and all its associations. */
export function deleteAccessEntry({ eks, reads }: EksDependencies): Operation {
  return {
    permissions: (input) => {
      const { clusterName, principalArn } = entryAddress(input);
      return [askOnEntry("eks:DeleteAccessEntry", eks.state, clusterName, principalArn)];
    },
    run: (call) => {
      const { clusterName, principalArn } = entryAddress(call.input);
      enforce({ principalArn }, [isNoServiceLinkedRole]);
      settledState(eks, call.now);
      const seen = reads.entry(call, clusterName, principalArn);
      return eks.change((state) => {
        const cluster = requireEntryCluster(state, clusterName);
        delete cluster.entries[reads.target(seen, cluster, principalArn).principalArn];
        return {};
      });
    },
  };
}
