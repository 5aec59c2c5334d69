/** Connects the ports of `standing` to AWS, as `composition-root.ts` does for the other functions. */
import { STSClient } from "@aws-sdk/client-sts";
import type { StandingConfig } from "../config.ts";
import { deploymentOf } from "../domain/values/deployment.ts";
import type { StandingPorts } from "../ports/function-ports.ts";
import { ONE_ATTEMPT } from "./calls/client-settings.ts";
import { remoteCredentials } from "./calls/remote-credentials.ts";
import { evidenceStore, requestStore } from "./dynamodb/request-stores.ts";
import { dynamoBindingStore } from "./dynamodb/requests/dynamo-binding-store.ts";
import { dynamoReadingStore } from "./dynamodb/standing/dynamo-reading-store.ts";
import { dynamoStandingStore } from "./dynamodb/standing/dynamo-standing-store.ts";
import { tableClient } from "./dynamodb/table-client.ts";
import { eksStandingReader } from "./eks/eks-standing-reader.ts";
import { readerSessions } from "./eks/reader-sessions.ts";
import { bundledPolicy } from "./machine/bundled-policy.ts";
import { systemClock } from "./machine/system-clock.ts";
import { systemPause } from "./machine/system-pause.ts";
import { systemRandom } from "./machine/system-random.ts";
import { uuidIds } from "./machine/uuid-ids.ts";
import { convergeQueue } from "./sqs/queues.ts";

const MACHINE = { clock: systemClock, random: systemRandom };

/** @param deadline milliseconds left in the run */
export function standingPorts(config: StandingConfig, deadline: () => number): StandingPorts {
  const client = tableClient();
  const policy = bundledPolicy();
  const credentialsIn = remoteCredentials(new STSClient(ONE_ATTEMPT), {
    kind: "standing",
    deployment: deploymentOf(policy),
    brokerAccount: config.brokerAccount,
  });
  return {
    reader: eksStandingReader(readerSessions(credentialsIn), { ...MACHINE, deadline }),
    store: dynamoStandingStore(client, config.requestsTable),
    readings: dynamoReadingStore(client, config.auditTable),
    bindings: dynamoBindingStore(client, config.requestsTable, MACHINE),
    requests: requestStore(client, config),
    evidence: evidenceStore(client, config),
    queue: convergeQueue(config),
    pause: systemPause,
    clock: systemClock,
    ids: uuidIds,
    policy,
    settings: config.settings,
  };
}
