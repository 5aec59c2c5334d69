import { afterAll, beforeAll } from "vitest";
import { dynamoBindingStore } from "../../../shared/aws/dynamo-binding-store.ts";
import { dynamoLedgerStore } from "../../../shared/aws/dynamo-ledger-store.ts";
import { dynamoRequestStore } from "../../../shared/aws/dynamo-request-store.ts";
import { bindingStoreContract } from "../../contracts/binding-store.contract.ts";
import { ledgerStoreContract } from "../../contracts/ledger-store.contract.ts";
import { requestStoreContract } from "../../contracts/request-store.contract.ts";
import { type LocalTables, localTables } from "./local-tables.ts";

let tables: LocalTables;
beforeAll(async () => {
  tables = await localTables();
}, 60_000);
afterAll(async () => {
  await tables.stop();
});

requestStoreContract("dynamoRequestStore", async () =>
  dynamoRequestStore(tables.client, await tables.requestsTable()),
);

bindingStoreContract("dynamoBindingStore", async () => {
  const table = await tables.requestsTable();
  return {
    requests: dynamoRequestStore(tables.client, table),
    bindings: dynamoBindingStore(tables.client, table),
  };
});

ledgerStoreContract("dynamoLedgerStore", async () =>
  dynamoLedgerStore(tables.client, await tables.ledgerTable()),
);
