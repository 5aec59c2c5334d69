import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { T0 } from "../../../../lab/fakes/builders.ts";
import { fixedClock } from "../../../../lab/fakes/fixed-clock.ts";
import { dynamoAuditRecords } from "../../../../shared/aws/dynamodb/audit/dynamo-audit-records.ts";
import {
  dynamoCircuitStore,
  dynamoClusterFactsStore,
} from "../../../../shared/aws/dynamodb/dynamo-cluster-stores.ts";
import { dynamoCursorKeys } from "../../../../shared/aws/dynamodb/dynamo-cursor-keys.ts";
import { dynamoEvidenceStore } from "../../../../shared/aws/dynamodb/evidence/dynamo-evidence-store.ts";
import { dynamoLedgerStore } from "../../../../shared/aws/dynamodb/ledger/dynamo-ledger-store.ts";
import { dynamoStopCopyStore } from "../../../../shared/aws/dynamodb/ledger/dynamo-stop-copy-store.ts";
import { dynamoBindingStore } from "../../../../shared/aws/dynamodb/requests/dynamo-binding-store.ts";
import { dynamoDelegationStore } from "../../../../shared/aws/dynamodb/requests/dynamo-delegation-store.ts";
import { dynamoNoticeStore } from "../../../../shared/aws/dynamodb/requests/dynamo-notice-store.ts";
import { dynamoRequestStore } from "../../../../shared/aws/dynamodb/requests/dynamo-request-store.ts";
import { dynamoStopStore } from "../../../../shared/aws/dynamodb/requests/dynamo-stop-store.ts";
import { dynamoStandingStore } from "../../../../shared/aws/dynamodb/standing/dynamo-standing-store.ts";
import { systemRandom } from "../../../../shared/aws/machine/system-random.ts";
import { consistentReadsContract } from "../../../contracts/consistent-reads.contract.ts";
import type { AllStores } from "../../../contracts/read-promises.ts";
import { laggingClient } from "./lagging-client.ts";
import { type LocalTables, sharedTables } from "./local-tables.ts";

let tables: LocalTables;
beforeAll(async () => {
  tables = await sharedTables();
});
afterAll(() => tables.stop());

async function laggingTables() {
  const [names, behind] = [await tables.requestTables(), await tables.requestTables()];
  const [ledger, ledgerBehind] = [await tables.ledgerTable(), await tables.ledgerTable()];
  const client = laggingClient(tables.client, {
    [names.requests]: behind.requests,
    [names.audit]: behind.audit,
    [ledger]: ledgerBehind,
  });
  return { names, ledger, client };
}

async function laggingStores(): Promise<AllStores> {
  const { names, ledger, client } = await laggingTables();
  const { requests, audit } = names;
  const by = { clock: fixedClock(T0), random: systemRandom };
  return {
    requests: dynamoRequestStore(client, names, systemRandom),
    bindings: dynamoBindingStore(client, requests, by),
    ledgers: dynamoLedgerStore(client, ledger, by),
    circuits: dynamoCircuitStore(client, ledger),
    facts: dynamoClusterFactsStore(client, requests),
    notices: dynamoNoticeStore(client, requests, systemRandom),
    evidence: dynamoEvidenceStore(client, names, systemRandom),
    delegations: dynamoDelegationStore(client, names, systemRandom),
    stops: dynamoStopStore(client, names, systemRandom),
    stopCopy: dynamoStopCopyStore(client, ledger),
    standing: dynamoStandingStore(client, requests),
    records: dynamoAuditRecords(client, audit),
    cursorKeys: dynamoCursorKeys(client, requests, systemRandom),
  };
}

consistentReadsContract("The adapters of DynamoDB", laggingStores);

describe("dynamoCursorKeys over tables that lag", () => {
  it("Two processes get the same key, although each read that may lag misses it", async () => {
    const { names, client } = await laggingTables();
    const [one, other] = [1, 2].map(() => dynamoCursorKeys(client, names.requests, systemRandom));
    const key = await one?.keyFor("2026-11-24");
    expect(key).toHaveLength(32);
    expect(await other?.keyFor("2026-11-24")).toEqual(key);
  });
});
