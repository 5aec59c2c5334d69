/** Connects the ports of `activity` to AWS, as `composition-root.ts` does for the other functions. */
import { STSClient } from "@aws-sdk/client-sts";
import type { ActivityConfig } from "../config.ts";
import { deploymentOf } from "../domain/values/deployment.ts";
import type { ActivityPorts } from "../ports/function-ports.ts";
import { FEW_ATTEMPTS, LARGE_BODIES } from "./calls/client-settings.ts";
import { remoteCredentials } from "./calls/remote-credentials.ts";
import { evidenceStore, requestStore } from "./dynamodb/request-stores.ts";
import { tableClient } from "./dynamodb/table-client.ts";
import { insightsActivityLog } from "./logs/insights-activity-log.ts";
import { bundledPolicy } from "./machine/bundled-policy.ts";
import { systemClock } from "./machine/system-clock.ts";
import { systemPause } from "./machine/system-pause.ts";

export function activityPorts(config: ActivityConfig): ActivityPorts {
  const client = tableClient();
  const policy = bundledPolicy();
  const credentialsIn = remoteCredentials(new STSClient(FEW_ATTEMPTS), {
    kind: "activity",
    deployment: deploymentOf(policy),
    brokerAccount: config.brokerAccount,
  });
  return {
    requests: requestStore(client, config),
    evidence: evidenceStore(client, config),
    log: insightsActivityLog(LARGE_BODIES, systemPause, credentialsIn),
    clock: systemClock,
    policy,
    settings: config.settings,
  };
}
