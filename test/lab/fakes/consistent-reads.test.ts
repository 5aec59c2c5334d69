import { laggingReads } from "../../../lab/fakes/lagging-reads.ts";
import { memoryAuditRecords } from "../../../lab/fakes/memory-audit-records.ts";
import { memoryBindingStore } from "../../../lab/fakes/memory-binding-store.ts";
import {
  memoryCircuitStore,
  memoryClusterFactsStore,
} from "../../../lab/fakes/memory-cluster-stores.ts";
import { memoryCursorKeys } from "../../../lab/fakes/memory-cursor-keys.ts";
import { memoryDelegationStore } from "../../../lab/fakes/memory-delegation-store.ts";
import { memoryEvidenceStore } from "../../../lab/fakes/memory-evidence-store.ts";
import { memoryLedgerStore } from "../../../lab/fakes/memory-ledger-store.ts";
import { memoryNoticeStore } from "../../../lab/fakes/memory-notice-store.ts";
import { memoryRequestStore } from "../../../lab/fakes/memory-request-store.ts";
import { memoryStandingStore } from "../../../lab/fakes/memory-standing-store.ts";
import { memoryStopCopyStore, memoryStopStore } from "../../../lab/fakes/memory-stop-stores.ts";
import { type MemoryTables, memoryTables } from "../../../lab/fakes/memory-tables.ts";
import type { AuditRecords } from "../../../shared/ports/audit-records.ts";
import { consistentReadsContract } from "../../contracts/consistent-reads.contract.ts";
import type { AllStores } from "../../contracts/read-promises.ts";

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
