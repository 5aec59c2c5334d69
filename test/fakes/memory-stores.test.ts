import { bindingStoreContract } from "../contracts/binding-store.contract.ts";
import { ledgerStoreContract } from "../contracts/ledger-store.contract.ts";
import { requestStoreContract } from "../contracts/request-store.contract.ts";
import { memoryBindingStore } from "./memory-binding-store.ts";
import { memoryLedgerStore } from "./memory-ledger-store.ts";
import { memoryRequestStore } from "./memory-request-store.ts";
import { memoryTables } from "./memory-tables.ts";

requestStoreContract("memoryRequestStore", async () => memoryRequestStore());

bindingStoreContract("memoryBindingStore", async () => {
  const tables = memoryTables();
  return { requests: memoryRequestStore(tables), bindings: memoryBindingStore(tables) };
});

ledgerStoreContract("memoryLedgerStore", async () => memoryLedgerStore());
