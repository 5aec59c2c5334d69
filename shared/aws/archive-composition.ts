/** Connects the ports of `archive` to AWS, as `composition-root.ts` does for the other functions. */
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { KMSClient } from "@aws-sdk/client-kms";
import { S3Client } from "@aws-sdk/client-s3";
import type { ArchiveConfig } from "../config.ts";
import type { ArchivePorts } from "../ports/function-ports.ts";
import { FEW_ATTEMPTS, LARGE_BODIES } from "./calls/client-settings.ts";
import { dynamoAuditRecords } from "./dynamodb/audit/dynamo-audit-records.ts";
import { dynamoStandingStore } from "./dynamodb/standing/dynamo-standing-store.ts";
import { tableClient } from "./dynamodb/table-client.ts";
import { eventBridgeEventBus } from "./eventbridge/eventbridge-event-bus.ts";
import { kmsSigner } from "./kms/kms-signer.ts";
import { bundledPolicy } from "./machine/bundled-policy.ts";
import { systemClock } from "./machine/system-clock.ts";
import { s3ArchiveStore } from "./s3/s3-archive-store.ts";

export function archivePorts(config: ArchiveConfig): ArchivePorts {
  const client = tableClient();
  // With one address for all services, a bucket has no host name of its own.
  const s3 = new S3Client({ ...LARGE_BODIES, forcePathStyle: config.awsEndpoint !== undefined });
  return {
    records: dynamoAuditRecords(client, config.auditTable),
    standing: dynamoStandingStore(client, config.requestsTable),
    store: s3ArchiveStore(s3, config.archiveBucket),
    signer: kmsSigner(new KMSClient(FEW_ATTEMPTS), config.sealKeyId),
    bus: eventBridgeEventBus(new EventBridgeClient(FEW_ATTEMPTS), config.eventBusName),
    policy: bundledPolicy(),
    clock: systemClock,
  };
}
