/**
 * The words of each port about its methods: which reads see the last write, and which may miss it.
 */
import type { AuditRecords } from "../../shared/ports/audit-records.ts";
import type { BindingStore } from "../../shared/ports/binding-store.ts";
import type { CircuitStore } from "../../shared/ports/circuit-store.ts";
import type { ClusterFactsStore } from "../../shared/ports/cluster-facts-store.ts";
import type { CursorKeys } from "../../shared/ports/cursor-keys.ts";
import type { DelegationStore } from "../../shared/ports/delegation-store.ts";
import type { EvidenceStore } from "../../shared/ports/evidence-store.ts";
import type { LedgerStore } from "../../shared/ports/ledger-store.ts";
import type { NoticeStore } from "../../shared/ports/notice-store.ts";
import type { RequestStore } from "../../shared/ports/request-store.ts";
import type { StandingStore } from "../../shared/ports/standing-store.ts";
import type { StopCopyStore, StopStore } from "../../shared/ports/stop-store.ts";

/** Every store over the tables, of one broker. */
export interface AllStores {
  readonly requests: RequestStore;
  readonly bindings: BindingStore;
  readonly ledgers: LedgerStore;
  readonly circuits: CircuitStore;
  readonly facts: ClusterFactsStore;
  readonly notices: NoticeStore;
  readonly evidence: EvidenceStore;
  readonly delegations: DelegationStore;
  readonly stops: StopStore;
  readonly stopCopy: StopCopyStore;
  readonly standing: StandingStore;
  readonly records: AuditRecords;
  readonly cursorKeys: CursorKeys;
}

/**
 * `latest`: a read that begins after a write was answered shows it. `may lag`: it may miss the last
 * writes, and nobody decides by it that something is not there. `write`: it changes something. A
 * read within a write is `latest`.
 */
export type ReadPromise = "latest" | "may lag" | "write";

type Promised<Store> = Readonly<Record<keyof Store & string, ReadPromise>>;

/** A new method of a port has no place here, so that the types fail until somebody has decided. */
export const READ_PROMISES: { readonly [Name in keyof AllStores]: Promised<AllStores[Name]> } = {
  requests: {
    load: "latest",
    isAt: "latest",
    history: "latest",
    historyPage: "latest",
    idempotent: "latest",
    pendingExtension: "latest",
    openOn: "latest",
    requestedBy: "may lag",
    awaiting: "may lag",
    grants: "may lag",
    lentOn: "may lag",
    lentSince: "may lag",
    openReviews: "may lag",
    beginningWith: "may lag",
    auditBetween: "may lag",
    create: "write",
    createTogether: "write",
    save: "write",
    saveAll: "write",
    countIn: "write",
    isEndNoted: "latest",
    noteEnd: "write",
  },
  bindings: { view: "latest", named: "latest", due: "may lag", park: "write", mend: "write" },
  ledgers: { load: "latest", save: "write" },
  circuits: { load: "latest", save: "write" },
  facts: { load: "may lag", save: "write" },
  notices: {
    load: "latest",
    due: "may lag",
    save: "write",
    begin: "write",
    park: "write",
    lookAgain: "write",
  },
  evidence: {
    call: "latest",
    callsFor: "latest",
    intents: "latest",
    evidenceOf: "latest",
    finding: "latest",
    acknowledgements: "latest",
    findingsAbout: "latest",
    latestFindings: "latest",
    findingsIn: "latest",
    openFindings: "latest",
    unconfirmed: "may lag",
    recordsBetween: "may lag",
    putCall: "write",
    postponeCall: "write",
    settleCall: "write",
    putIntent: "write",
    appendEvidence: "write",
    appendFinding: "write",
  },
  delegations: {
    made: "latest",
    records: "latest",
    givenTo: "latest",
    givenBy: "latest",
    lately: "latest",
    listed: "latest",
    idempotent: "latest",
    create: "write",
    end: "write",
  },
  stops: { latest: "latest", since: "latest", append: "write" },
  stopCopy: { load: "latest", keep: "write" },
  standing: {
    load: "latest",
    entries: "may lag",
    all: "latest",
    entryOf: "latest",
    save: "write",
    put: "write",
  },
  // When the table was made is the same for ever.
  records: { find: "latest", ofHour: "may lag", since: "latest" },
  cursorKeys: { findKey: "latest", keyFor: "write" },
};
