import { memoryBindingStore } from "../../../lab/fakes/memory-binding-store.ts";
import { memoryCursorKeys } from "../../../lab/fakes/memory-cursor-keys.ts";
import { memoryDelegationStore } from "../../../lab/fakes/memory-delegation-store.ts";
import { memoryEvidenceStore } from "../../../lab/fakes/memory-evidence-store.ts";
import { memoryFactStore } from "../../../lab/fakes/memory-fact-store.ts";
import { memoryLedgerStore } from "../../../lab/fakes/memory-ledger-store.ts";
import { memoryNoticeStore } from "../../../lab/fakes/memory-notice-store.ts";
import { memoryReadingStore } from "../../../lab/fakes/memory-reading-store.ts";
import { memoryRequestStore } from "../../../lab/fakes/memory-request-store.ts";
import { memoryStandingStore } from "../../../lab/fakes/memory-standing-store.ts";
import { memoryStopCopyStore, memoryStopStore } from "../../../lab/fakes/memory-stop-stores.ts";
import { memoryTables } from "../../../lab/fakes/memory-tables.ts";
import type { ReadingRecord } from "../../../shared/domain/standing/reading-record.ts";
import { askedTogetherContract } from "../../contracts/asked-together.contract.ts";
import { automaticLimitContract } from "../../contracts/automatic-limit.contract.ts";
import { bindingStoreContract } from "../../contracts/binding-store.contract.ts";
import { cursorKeysContract } from "../../contracts/cursor-keys.contract.ts";
import { delegationStoreContract } from "../../contracts/delegation-store.contract.ts";
import { driftTurnsContract } from "../../contracts/drift-turns.contract.ts";
import { dueItemsContract } from "../../contracts/due-items.contract.ts";
import { endNotesContract } from "../../contracts/end-notes.contract.ts";
import { entryRoomContract } from "../../contracts/entry-room.contract.ts";
import { escalationsContract } from "../../contracts/escalations.contract.ts";
import { eventPagesContract } from "../../contracts/event-pages.contract.ts";
import { evidenceStoreContract } from "../../contracts/evidence-store.contract.ts";
import { extensionsContract } from "../../contracts/extensions.contract.ts";
import { factStoreContract } from "../../contracts/fact-store.contract.ts";
import { findingStoreContract } from "../../contracts/finding-store.contract.ts";
import { grantCapacityContract } from "../../contracts/grant-capacity.contract.ts";
import { idPrefixesContract } from "../../contracts/id-prefixes.contract.ts";
import { largeListsContract } from "../../contracts/large-lists.contract.ts";
import { ledgerStoreContract } from "../../contracts/ledger-store.contract.ts";
import { lentGrantsContract } from "../../contracts/lent-grants.contract.ts";
import { lesserTermsContract } from "../../contracts/lesser-terms.contract.ts";
import { noncesContract } from "../../contracts/nonces.contract.ts";
import { noticeStoreContract } from "../../contracts/notice-store.contract.ts";
import { pendingLimitContract } from "../../contracts/pending-limit.contract.ts";
import { readingStoreContract } from "../../contracts/reading-store.contract.ts";
import { requestListsContract } from "../../contracts/request-lists.contract.ts";
import { requestStoreContract } from "../../contracts/request-store.contract.ts";
import { standingStoreContract } from "../../contracts/standing-store.contract.ts";
import { stopCopyContract, stopStoreContract } from "../../contracts/stop-store.contract.ts";

requestStoreContract(
  "memoryRequestStore",
  async () => memoryRequestStore(),
  async () => {
    const tables = memoryTables();
    return {
      store: memoryRequestStore(tables),
      addEvent: async (event) => void tables.events.push(event),
    };
  },
);
lentGrantsContract("memoryRequestStore", async () => memoryRequestStore());
requestListsContract("memoryRequestStore", async () => memoryRequestStore());

eventPagesContract("memoryRequestStore", async () => memoryRequestStore());
extensionsContract("memoryRequestStore", async () => memoryRequestStore());
grantCapacityContract("memoryRequestStore", async () => memoryRequestStore());
entryRoomContract("memoryRequestStore", async () => memoryRequestStore());
idPrefixesContract("memoryRequestStore", async () => memoryRequestStore());
largeListsContract("memoryRequestStore", async () => memoryRequestStore());
endNotesContract("memoryRequestStore", async () => memoryRequestStore());
noncesContract("memoryRequestStore", async () => memoryRequestStore());
automaticLimitContract("memoryRequestStore", async () => memoryRequestStore());
lesserTermsContract("memoryRequestStore", async () => memoryRequestStore());
escalationsContract("memoryRequestStore", async () => memoryRequestStore());
pendingLimitContract("memoryRequestStore", async () => memoryRequestStore());
askedTogetherContract("memoryRequestStore", async () => memoryRequestStore());

const bindingStores = async () => {
  const tables = memoryTables();
  return {
    requests: memoryRequestStore(tables),
    bindings: memoryBindingStore(tables),
    async plant(binding: string, id: string, request: unknown) {
      const stored = tables.grants.get(binding) ?? new Map();
      tables.grants.set(binding, stored.set(id, request));
    },
  };
};
bindingStoreContract("memoryBindingStore", bindingStores);
dueItemsContract("memoryBindingStore", bindingStores);
driftTurnsContract("memoryBindingStore", bindingStores);

ledgerStoreContract("memoryLedgerStore", async () => memoryLedgerStore());

noticeStoreContract("memoryNoticeStore", async () => {
  const tables = memoryTables();
  return {
    requests: memoryRequestStore(tables),
    findings: memoryEvidenceStore(tables),
    notices: memoryNoticeStore(tables),
  };
});

evidenceStoreContract("memoryEvidenceStore", async () => memoryEvidenceStore());
findingStoreContract("memoryEvidenceStore", async () => memoryEvidenceStore());

cursorKeysContract("memoryCursorKeys", async () => {
  const keys = new Map<string, Uint8Array>();
  return () => memoryCursorKeys(keys);
});
factStoreContract("memoryFactStore", async () => memoryFactStore());

standingStoreContract("memoryStandingStore", async () => memoryStandingStore());

readingStoreContract("memoryReadingStore", async () => {
  const kept: ReadingRecord[] = [];
  const chainOf = ({ chain }: ReadingRecord) => `STANDING#${chain}`;
  return {
    store: memoryReadingStore(kept),
    records: {
      find: async (chain, seq) => {
        const record = kept.find((one) => chainOf(one) === chain && one.seq === seq);
        return record && { chain, record };
      },
    },
  };
});

delegationStoreContract("memoryDelegationStore", async () => {
  const tables = memoryTables();
  return {
    requests: memoryRequestStore(tables),
    delegations: memoryDelegationStore(tables),
    notices: memoryNoticeStore(tables),
  };
});

stopStoreContract("memoryStopStore", async () => {
  const tables = memoryTables();
  return { store: memoryStopStore([], tables), notices: memoryNoticeStore(tables) };
});
stopCopyContract("memoryStopCopyStore", async () => memoryStopCopyStore());
