import type { Operation } from "../../service.ts";
import { ASSOCIATION_RULES, TARGET_RULES } from "../association-rules.ts";
import { enforce } from "../check.ts";
import type { EksDependencies } from "../dependencies.ts";
import { entryAddress } from "../entry-address.ts";
import { isNoServiceLinkedRole } from "../entry-rules.ts";
import { requireEntryCluster } from "../find.ts";
import { type Input, required, structure, text, texts } from "../input.ts";
import { ownValue } from "../own-value.ts";
import { askOnEntry, context } from "../permissions.ts";
import { settledState } from "../settle.ts";
import type { AccessScope, AssociatedPolicy } from "../state.ts";
import { associatedPolicyShape } from "../wire.ts";

/**
 * AssociateAccessPolicy. The new scope of a policy that is associated already replaces the old one.
 * AWS changes a scope so (EKS user guide, "Associate access policies with access entries"). When it
 * was associated first stays known.
 */
export function associateAccessPolicy({ eks, reads }: EksDependencies): Operation {
  return {
    permissions: (input) => {
      const { clusterName, principalArn, policyArn, scopeType, namespaces } = read(input);
      return [
        askOnEntry(
          "eks:AssociateAccessPolicy",
          eks.state,
          clusterName,
          principalArn,
          context({
            "eks:policyArn": policyArn,
            "eks:accessScope": scopeType,
            "eks:namespaces": namespaces,
          }),
        ),
      ];
    },
    run: (call) => {
      const request = read(call.input);
      const { clusterName, principalArn, policyArn } = request;
      enforce({ principalArn }, [isNoServiceLinkedRole]);
      enforce(request, ASSOCIATION_RULES);
      const accessScope: AccessScope = {
        type: request.scopeType === "cluster" ? "cluster" : "namespace",
        namespaces: request.namespaces,
      };
      settledState(eks, call.now);
      const seen = reads.entry(call, clusterName, principalArn);
      return eks.change((state) => {
        const entry = reads.target(seen, requireEntryCluster(state, clusterName), principalArn);
        enforce({ policyArn, entryType: entry.type }, TARGET_RULES);
        const modifiedAt = call.now.toISOString();
        const before = ownValue(entry.policies, policyArn);
        const association: AssociatedPolicy = {
          policyArn,
          accessScope,
          associatedAt: before?.associatedAt ?? modifiedAt,
          modifiedAt,
        };
        entry.policies[policyArn] = association;
        return {
          clusterName,
          principalArn,
          associatedAccessPolicy: associatedPolicyShape(association),
        };
      });
    },
  };
}

function read(input: Input) {
  const scope = required(structure(input, "accessScope"), "accessScope");
  return {
    ...entryAddress(input),
    policyArn: required(text(input, "policyArn"), "policyArn"),
    scopeType: required(text(scope, "type"), "accessScope type"),
    namespaces: texts(scope, "namespaces") ?? [],
  };
}
