import type { Operation } from "../../service.ts";
import type { EksDependencies } from "../dependencies.ts";
import { requireEntryCluster } from "../find.ts";
import { required, text } from "../input.ts";
import { ownValue } from "../own-value.ts";
import { page } from "../paging.ts";
import { askOnCluster } from "../permissions.ts";

/**
 * ListAccessEntries: only the principals' ARNs, ascending, of all entries or of those that a policy
 * is associated with. The sandbox has no entry of EKS's own service-linked role.
 */
export function listAccessEntries({ eks, reads }: EksDependencies): Operation {
  return {
    permissions: (input) => {
      const clusterName = required(text(input, "clusterName"), "clusterName");
      return [askOnCluster("eks:ListAccessEntries", eks.state, clusterName)];
    },
    run: (call) => {
      const clusterName = required(text(call.input, "clusterName"), "clusterName");
      const policyArn = text(call.input, "associatedPolicyArn");
      const cluster = requireEntryCluster(reads.state(call, clusterName), clusterName);
      const arns = Object.values(cluster.entries)
        .filter(
          (entry) => policyArn === undefined || ownValue(entry.policies, policyArn) !== undefined,
        )
        .map((entry) => entry.principalArn);
      const { items, nextToken } = page(
        ["ListAccessEntries", clusterName, policyArn ?? ""],
        arns,
        (arn) => arn,
        call.input,
      );
      return { accessEntries: items, nextToken };
    },
  };
}
