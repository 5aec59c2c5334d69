/** Connects the ports of `activity` to AWS, as `composition-root.ts` does for the other functions. */
import type { ActivityConfig } from "../config.ts";
import type { ActivityPorts } from "../ports/function-ports.ts";
import { LARGE_BODIES } from "./calls/client-settings.ts";
import { dynamoEvidenceStore } from "./dynamodb/dynamo-evidence-store.ts";
import { dynamoRequestStore } from "./dynamodb/dynamo-request-store.ts";
import { tableClient } from "./dynamodb/table-client.ts";
import { insightsActivityLog } from "./logs/insights-activity-log.ts";
import { bundledPolicy } from "./machine/bundled-policy.ts";
import { systemClock } from "./machine/system-clock.ts";
import { systemPause } from "./machine/system-pause.ts";
import { systemRandom } from "./machine/system-random.ts";

export function activityPorts(config: ActivityConfig): ActivityPorts {
  const client = tableClient();
  const tables = { requests: config.requestsTable, audit: config.auditTable };
  return {
    requests: dynamoRequestStore(client, tables, systemRandom),
    evidence: dynamoEvidenceStore(client, tables, systemRandom),
    log: insightsActivityLog(LARGE_BODIES, systemPause),
    clock: systemClock,
    policy: bundledPolicy(),
    settings: config.settings,
    place: { account: config.brokerAccount },
  };
}
