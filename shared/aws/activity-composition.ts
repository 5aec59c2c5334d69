/** Connects the ports of `activity` to AWS, as `composition-root.ts` does for the other functions. */
import type { ActivityConfig } from "../config.ts";
import type { ActivityPorts } from "../ports/function-ports.ts";
import { LARGE_BODIES } from "./calls/client-settings.ts";
import { evidenceStore, requestStore } from "./dynamodb/request-stores.ts";
import { tableClient } from "./dynamodb/table-client.ts";
import { insightsActivityLog } from "./logs/insights-activity-log.ts";
import { bundledPolicy } from "./machine/bundled-policy.ts";
import { systemClock } from "./machine/system-clock.ts";
import { systemPause } from "./machine/system-pause.ts";

export function activityPorts(config: ActivityConfig): ActivityPorts {
  const client = tableClient();
  return {
    requests: requestStore(client, config),
    evidence: evidenceStore(client, config),
    log: insightsActivityLog(LARGE_BODIES, systemPause),
    clock: systemClock,
    policy: bundledPolicy(),
    settings: config.settings,
    place: { account: config.brokerAccount },
  };
}
