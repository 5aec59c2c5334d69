import type { Operation } from "../../service.ts";
import type { EksDependencies } from "../dependencies.ts";
import { entryAddress } from "../entry-address.ts";
import { requireEntry, requireEntryCluster } from "../find.ts";
import { page } from "../paging.ts";
import { askOnEntry } from "../permissions.ts";
import { associatedPolicyShape } from "../wire.ts";

/** ListAssociatedAccessPolicies: an entry's policies with their scopes, by policy ARN. */
export function listAssociatedAccessPolicies({ eks, reads }: EksDependencies): Operation {
  return {
    permissions: (input) => {
      const { clusterName, principalArn } = entryAddress(input);
      return [askOnEntry("eks:ListAssociatedAccessPolicies", eks.state, clusterName, principalArn)];
    },
    run: (call) => {
      const { clusterName, principalArn } = entryAddress(call.input);
      const cluster = requireEntryCluster(
        reads.state(call, clusterName, principalArn),
        clusterName,
      );
      const { items, nextToken } = page(
        ["ListAssociatedAccessPolicies", clusterName, principalArn],
        Object.values(requireEntry(cluster, principalArn).policies),
        (association) => association.policyArn,
        call.input,
      );
      return {
        clusterName,
        principalArn,
        associatedAccessPolicies: items.map(associatedPolicyShape),
        nextToken,
      };
    },
  };
}
