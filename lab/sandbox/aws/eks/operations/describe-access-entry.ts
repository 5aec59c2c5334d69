import type { Operation } from "../../service.ts";
import type { EksDependencies } from "../dependencies.ts";
import { entryAddress } from "../entry-address.ts";
import { requireEntry, requireEntryCluster } from "../find.ts";
import { askOnEntry } from "../permissions.ts";
import { accessEntryShape } from "../wire.ts";

/**
 * DescribeAccessEntry: the entry without its policies. Like AWS, it gives no sign that the
 * principal was deleted or created again since.
 */
export function describeAccessEntry({ eks, reads }: EksDependencies): Operation {
  return {
    permissions: (input) => {
      const { clusterName, principalArn } = entryAddress(input);
      return [askOnEntry("eks:DescribeAccessEntry", eks.state, clusterName, principalArn)];
    },
    run: (call) => {
      const { clusterName, principalArn } = entryAddress(call.input);
      const cluster = requireEntryCluster(
        reads.state(call, clusterName, principalArn),
        clusterName,
      );
      return { accessEntry: accessEntryShape(clusterName, requireEntry(cluster, principalArn)) };
    },
  };
}
