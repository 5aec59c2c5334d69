import type { Operation } from "../../service.ts";
import type { EksDependencies } from "../dependencies.ts";
import { entryAddress } from "../entry-address.ts";
import { policyNotAssociated } from "../errors.ts";
import { requireEntryCluster } from "../find.ts";
import { required, text } from "../input.ts";
import { ownValue } from "../own-value.ts";
import { askOnEntry, context } from "../permissions.ts";
import { settledState } from "../settle.ts";

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
