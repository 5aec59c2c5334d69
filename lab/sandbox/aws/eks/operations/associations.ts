import type { Operation } from "../../service.ts";
import { listAccessPolicies as allPolicies } from "../access-policies.ts";
import type { EksDependencies } from "../dependencies.ts";
import { entryAddress } from "../entry-address.ts";
import { policyNotAssociated } from "../errors.ts";
import { requireEntry, requireEntryCluster } from "../find.ts";
import { required, text } from "../input.ts";
import { ownValue } from "../own-value.ts";
import { page } from "../paging.ts";
import { askOnEntry, context } from "../permissions.ts";
import { settledState } from "../settle.ts";
import { associatedPolicyShape } from "../wire.ts";

/**
 * DisassociateAccessPolicy. The call carries no scope, so IAM gets none, though the
 * reference lists eks:accessScope and eks:namespaces for it.
 */
export function disassociateAccessPolicy({ eks, reads }: EksDependencies): Operation {
  return {
    permissions: (input) => {
      const { clusterName, principalArn } = entryAddress(input);
      const keys = context({ "eks:policyArn": required(text(input, "policyArn"), "policyArn") });
      const action = "eks:DisassociateAccessPolicy";
      return [askOnEntry(action, eks.state, clusterName, principalArn, keys)];
    },
    run: (call) => {
      const { clusterName, principalArn } = entryAddress(call.input);
      const policyArn = required(text(call.input, "policyArn"), "policyArn");
      settledState(eks, call.now);
      const seen = reads.entry(call, clusterName, principalArn);
      return eks.change((state) => {
        const entry = reads.target(seen, requireEntryCluster(state, clusterName), principalArn);
        if (ownValue(seen?.policies ?? {}, policyArn) === undefined) throw policyNotAssociated();
        delete entry.policies[policyArn];
        return {};
      });
    },
  };
}

/** ListAccessPolicies: names and ARNs, by name. No API returns what a policy contains. */
export function listAccessPolicies(): Operation {
  return {
    permissions: () => [{ action: "eks:ListAccessPolicies", resource: "*" }],
    run: (call) => {
      const { items, nextToken } = page(
        ["ListAccessPolicies"],
        allPolicies(),
        (policy) => policy.name,
        call.input,
      );
      return { accessPolicies: items.map(({ name, arn }) => ({ name, arn })), nextToken };
    },
  };
}

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
