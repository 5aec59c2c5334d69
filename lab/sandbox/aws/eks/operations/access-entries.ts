import type { Operation } from "../../service.ts";
import { enforce } from "../check.ts";
import type { EksDependencies } from "../dependencies.ts";
import { entryAddress } from "../entry-address.ts";
import { isNoServiceLinkedRole } from "../entry-rules.ts";
import { requireEntry, requireEntryCluster } from "../find.ts";
import { required, text } from "../input.ts";
import { ownValue } from "../own-value.ts";
import { page } from "../paging.ts";
import { askOnCluster, askOnEntry } from "../permissions.ts";
import { settledState } from "../settle.ts";
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
