import type { Operation } from "../../service.ts";
import { enforce } from "../check.ts";
import type { EksDependencies } from "../dependencies.ts";
import { entryAddress } from "../entry-address.ts";
import { isNoServiceLinkedRole, NAME_RULES, NODE_NAME_RULES } from "../entry-rules.ts";
import { requireEntry, requireEntryCluster } from "../find.ts";
import { text, texts } from "../input.ts";
import { askOnEntry } from "../permissions.ts";
import { settledState } from "../settle.ts";
import { accessEntryShape } from "../wire.ts";

/**
 * UpdateAccessEntry: a member that is absent stays as it is; groups are the whole new list, `[]`
 * clears them. A repeated clientRequestToken needs no memory: the call says what shall be, so
 * doing it twice is doing it once. IAM has no condition key for what is asked for.
 */
export function updateAccessEntry({ eks }: EksDependencies): Operation {
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
      return eks.change((state) => {
        const entry = requireEntry(requireEntryCluster(state, clusterName), principalArn);
        enforce({ type: entry.type, username, kubernetesGroups }, NODE_NAME_RULES);
        entry.username = username ?? entry.username;
        entry.kubernetesGroups = kubernetesGroups ?? entry.kubernetesGroups;
        entry.modifiedAt = call.now.toISOString();
        return { accessEntry: accessEntryShape(clusterName, entry) };
      });
    },
  };
}
