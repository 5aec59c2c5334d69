import type { Operation } from "../../service.ts";
import { enforce } from "../check.ts";
import type { EksDependencies } from "../dependencies.ts";
import { entryAddress } from "../entry-address.ts";
import { isNoServiceLinkedRole, NAME_RULES, NODE_NAME_RULES } from "../entry-rules.ts";
import { entryDefaults } from "../entry-types.ts";
import { requireEntryCluster } from "../find.ts";
import { text, texts } from "../input.ts";
import { askOnEntry } from "../permissions.ts";
import { settledState } from "../settle.ts";
import { accessEntryShape } from "../wire.ts";

/**
 * UpdateAccessEntry replaces username and groups as a whole. An absent member returns to the
 * default of the entry's type: for STANDARD, no groups. AWS's pages are silent on it; it was seen
 * against AWS by Terraform's provider (hashicorp/terraform-provider-aws#36480, #36484). A repeated
 * clientRequestToken needs no memory: the same call twice has the effect of one. IAM has no
 * condition key for the new values.
 */
export function updateAccessEntry({ eks, reads }: EksDependencies): Operation {
  return {
    permissions: (input) => {
      const { clusterName, principalArn } = entryAddress(input);
      return [askOnEntry("eks:UpdateAccessEntry", eks.state, clusterName, principalArn)];
    },
    run: (call) => {
      const { clusterName, principalArn } = entryAddress(call.input);
      const username = text(call.input, "username") || undefined;
      const kubernetesGroups = texts(call.input, "kubernetesGroups");
      enforce({ principalArn }, [isNoServiceLinkedRole]);
      enforce({ username, kubernetesGroups }, NAME_RULES);
      settledState(eks, call.now);
      const seen = reads.entry(call, clusterName, principalArn);
      return eks.change((state) => {
        const entry = reads.target(seen, requireEntryCluster(state, clusterName), principalArn);
        enforce({ type: entry.type, username, kubernetesGroups }, NODE_NAME_RULES);
        const defaults = entryDefaults(entry);
        entry.username = username ?? defaults.username;
        entry.kubernetesGroups = kubernetesGroups ?? defaults.kubernetesGroups;
        entry.modifiedAt = call.now.toISOString();
        return { accessEntry: accessEntryShape(clusterName, entry) };
      });
    },
  };
}
