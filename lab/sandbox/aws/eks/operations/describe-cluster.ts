import type { Operation } from "../../service.ts";
import type { EksDependencies } from "../dependencies.ts";
import { requireCluster } from "../find.ts";
import { required, text } from "../input.ts";
import { askOnCluster } from "../permissions.ts";
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
