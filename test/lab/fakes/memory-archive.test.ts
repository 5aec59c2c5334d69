import { memoryArchiveStore } from "../../../lab/fakes/memory-archive-store.ts";
import { memoryAuditRecords } from "../../../lab/fakes/memory-audit-records.ts";
import { memorySigner } from "../../../lab/fakes/memory-signer.ts";
import { archiveStoreContract } from "../../contracts/archive-store.contract.ts";
import { auditRecordsContract } from "../../contracts/audit-records.contract.ts";
import { signerContract } from "../../contracts/signer.contract.ts";

archiveStoreContract("memoryArchiveStore", async () => memoryArchiveStore());

auditRecordsContract("memoryAuditRecords", async () => {
  const records = memoryAuditRecords();
  return { records, store: async (one) => records.table.push(one) };
});

signerContract("memorySigner", async () => {
  const signer = memorySigner();
  return { signer, publicKey: signer.publicKey };
});
