import type { AuditRecords } from "../../shared/ports/audit-records.ts";
import { consistentReadsContract } from "../contracts/consistent-reads.contract.ts";
import type { AllStores } from "../contracts/read-promises.ts";
import { laggingReads } from "./lagging-reads.ts";
import { memoryAuditRecords } from "./memory-audit-records.ts";
import { memoryBindingStore } from "./memory-binding-store.ts";
import { memoryCircuitStore, memoryClusterFactsStore } from "./memory-cluster-stores.ts";
import { memoryCursorKeys } from "./memory-cursor-keys.ts";
import { memoryDelegationStore } from "./memory-delegation-store.ts";
import { memoryEvidenceStore } from "./memory-evidence-store.ts";
import { memoryLedgerStore } from "./memory-ledger-store.ts";
import { memoryNoticeStore } from "./memory-notice-store.ts";
import { memoryRequestStore } from "./memory-request-store.ts";
import { memoryStandingStore } from "./memory-standing-store.ts";
import { memoryStopCopyStore, memoryStopStore } from "./memory-stop-stores.ts";
import { type MemoryTables, memoryTables } from "./memory-tables.ts";

/** The audit events that the tables have at the time of each read. */
function recordsIn({ events }: MemoryTables): AuditRecords {
  const now = () =>
    memoryAuditRecords(
      events.map((event) => ({ chain: `AUDIT#${event.requestId}`, record: event })),
    );
  return {
    since: () => now().since(),
    ofHour: (hour) => now().ofHour(hour),
    find: (chain, seq) => now().find(chain, seq),
  };
}

function memoryStores(): AllStores {
  const tables = memoryTables();
  return {
    requests: memoryRequestStore(tables),
    bindings: memoryBindingStore(tables),
    ledgers: memoryLedgerStore(),
    circuits: memoryCircuitStore(),
    facts: memoryClusterFactsStore(),
    notices: memoryNoticeStore(tables),
    evidence: memoryEvidenceStore(tables),
    delegations: memoryDelegationStore(tables),
    stops: memoryStopStore([], tables),
    stopCopy: memoryStopCopyStore(),
    standing: memoryStandingStore(),
    records: recordsIn(tables),
    cursorKeys: memoryCursorKeys(),
  };
}

consistentReadsContract("The fakes", async () => laggingReads(memoryStores(), memoryStores()));
