/** A broker whose stores are DynamoDB's, on tables that a test gives. EKS and queues are in memory. */
import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { memoryBroker } from "../../lab/fakes/memory-broker.ts";
import {
  dynamoCircuitStore,
  dynamoClusterFactsStore,
} from "../../shared/aws/dynamodb/dynamo-cluster-stores.ts";
import { dynamoCursorKeys } from "../../shared/aws/dynamodb/dynamo-cursor-keys.ts";
import { dynamoEvidenceStore } from "../../shared/aws/dynamodb/evidence/dynamo-evidence-store.ts";
import { dynamoLedgerStore } from "../../shared/aws/dynamodb/ledger/dynamo-ledger-store.ts";
import { dynamoStopCopyStore } from "../../shared/aws/dynamodb/ledger/dynamo-stop-copy-store.ts";
import { dynamoBindingStore } from "../../shared/aws/dynamodb/requests/dynamo-binding-store.ts";
import { dynamoDelegationStore } from "../../shared/aws/dynamodb/requests/dynamo-delegation-store.ts";
import { dynamoMessagePlaces } from "../../shared/aws/dynamodb/requests/dynamo-message-places.ts";
import { dynamoNoticeStore } from "../../shared/aws/dynamodb/requests/dynamo-notice-store.ts";
import { dynamoRequestStore } from "../../shared/aws/dynamodb/requests/dynamo-request-store.ts";
import { dynamoSendPace } from "../../shared/aws/dynamodb/requests/dynamo-send-pace.ts";
import { dynamoStopStore } from "../../shared/aws/dynamodb/requests/dynamo-stop-store.ts";
import { dynamoReadingStore } from "../../shared/aws/dynamodb/standing/dynamo-reading-store.ts";
import { dynamoStandingStore } from "../../shared/aws/dynamodb/standing/dynamo-standing-store.ts";
import { systemRandom } from "../../shared/aws/machine/system-random.ts";
import type { AccessPolicy } from "../../shared/domain/policy/policy.ts";
import type { Ids } from "../../shared/ports/ids.ts";

/** Names of tables. */
export interface TableNames {
  readonly requests: string;
  readonly audit: string;
  readonly ledger: string;
}

export type TableBroker = ReturnType<typeof tableBroker>;

/** @param ids the broker's ids; counted from 1 without */
export function tableBroker(
  client: DynamoDBDocumentClient,
  names: TableNames,
  policy: AccessPolicy,
  ids?: Ids,
) {
  const evidence = dynamoEvidenceStore(client, names, systemRandom);
  const notices = dynamoNoticeStore(client, names.requests, systemRandom);
  const standing = dynamoStandingStore(client, names.requests);
  const readings = dynamoReadingStore(client, names.audit);
  const cursorKeys = dynamoCursorKeys(client, names.requests, systemRandom);
  const broker = memoryBroker({
    policy,
    stores: (clock) => {
      const machine = { clock, random: systemRandom };
      return {
        evidence,
        notices,
        ...(ids ? { ids } : {}),
        requests: dynamoRequestStore(client, names, systemRandom),
        delegations: dynamoDelegationStore(client, names, systemRandom),
        stops: dynamoStopStore(client, names, systemRandom),
        bindings: dynamoBindingStore(client, names.requests, machine),
        ledgers: dynamoLedgerStore(client, names.ledger, machine),
        clusters: dynamoClusterFactsStore(client, names.requests),
        circuits: dynamoCircuitStore(client, names.ledger),
        stopCopy: dynamoStopCopyStore(client, names.ledger),
      };
    },
  });
  const machine = { clock: broker.clock, random: systemRandom };
  const pace = dynamoSendPace(client, names.requests, machine);
  const places = dynamoMessagePlaces(client, names.requests, machine);
  return { ...broker, stored: { evidence, notices, standing, readings, cursorKeys, pace, places } };
}
