/** The ports that each function needs, bundled. */
import type { ServicesOutside } from "../domain/facts/tracker.ts";
import type { AccessPolicy } from "../domain/policy/policy.ts";
import type { Settings } from "../domain/settings.ts";
import type { AccessEntries } from "./access-entries.ts";
import type { ActivityLog } from "./activity-log.ts";
import type { ArchiveStore } from "./archive-store.ts";
import type { AuditRecords } from "./audit-records.ts";
import type { BindingStore } from "./binding-store.ts";
import type { CircuitStore } from "./circuit-store.ts";
import type { Clock } from "./clock.ts";
import type { ClusterFactsStore } from "./cluster-facts-store.ts";
import type { ConvergeQueue } from "./converge-queue.ts";
import type { Cosigner } from "./cosigner.ts";
import type { CursorKeys } from "./cursor-keys.ts";
import type { DelegationStore } from "./delegation-store.ts";
import type { EventBus } from "./event-bus.ts";
import type { EvidenceStore } from "./evidence-store.ts";
import type { FactReads, FactStore } from "./fact-store.ts";
import type { FactWake } from "./fact-wake.ts";
import type { FindingStore } from "./finding-store.ts";
import type { Ids } from "./ids.ts";
import type { LedgerStore } from "./ledger-store.ts";
import type { Messenger, Sender } from "./messenger.ts";
import type { NoticeStore } from "./notice-store.ts";
import type { NotifyQueue } from "./notify-queue.ts";
import type { OutsideQueue } from "./outside-queue.ts";
import type { Pause } from "./pause.ts";
import type { Random } from "./random.ts";
import type { ReadingStore } from "./reading-store.ts";
import type { RequestStore } from "./request-store.ts";
import type { ScheduleSource } from "./schedule-source.ts";
import type { Schedules } from "./schedules.ts";
import type { Signer } from "./signer.ts";
import type { StandingReader } from "./standing-reader.ts";
import type { StandingStore } from "./standing-store.ts";
import type { StopCopyStore, StopStore } from "./stop-store.ts";
import type { TicketSource } from "./ticket-source.ts";
import type { TrailLookup } from "./trail-lookup.ts";

/** The ports of everything that faces people: requests, and a way to wake converge. */
export interface FrontPorts {
  readonly requests: RequestStore;
  readonly delegations: DelegationStore;
  readonly queue: ConvergeQueue;
  readonly clusters: ClusterFactsStore;
  readonly stops: StopStore;
  /** Reads summaries of what was done with grants. Undefined for functions that preview no request. */
  readonly activity?: Pick<EvidenceStore, "evidenceOf">;
  /** Read only where a rule asks another service. */
  readonly facts: FactReads;
  /** Told what to look at again. */
  readonly outside: OutsideQueue;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly policy: AccessPolicy;
  readonly settings: Settings;
}

/** The further ports of the HTTP API: the keys that seal its lists' cursors, and what was sent. */
export interface ApiPorts extends FrontPorts {
  readonly cursorKeys: CursorKeys;
  readonly notices: Pick<NoticeStore, "load">;
  readonly standing: Pick<StandingStore, "load" | "entries" | "entryOf" | "all">;
  readonly evidence: FindingStore &
    Pick<EvidenceStore, "callsFor" | "evidenceOf" | "recordsBetween">;
}

/** The further ports of the sweep. */
export interface SweepPorts extends FrontPorts {
  readonly bindings: BindingStore;
  readonly notices: Pick<NoticeStore, "due">;
  readonly notifyQueue: Pick<NotifyQueue, "wakeOnce">;
}

/** A port of functions that store requests, called last in an invocation. */
export interface NoticeWake {
  /** Wakes notify for every request that was stored in this invocation. Never fails. */
  wakeNotify(): Promise<void>;
}

/**
 * The ports of notify: it reads requests, findings, delegations and stops, and changes only the
 * records of messages.
 */
export interface NotifyPorts {
  readonly requests: Pick<RequestStore, "load" | "history" | "awaiting">;
  readonly findings: Pick<FindingStore, "finding" | "acknowledgements">;
  readonly delegations: Pick<DelegationStore, "records" | "givenBy">;
  readonly stops: Pick<StopStore, "since" | "latest">;
  readonly notices: NoticeStore;
  readonly bus: EventBus;
  /** Slack. Undefined where `access.yaml` names no workspace: events are published all the same. */
  readonly messenger: Messenger | undefined;
  /** E-mail. Undefined where `access.yaml` names no sender. */
  readonly email?: Sender | undefined;
  readonly clock: Clock;
  readonly pause: Pause;
  readonly random: Random;
  /** Makes the marks of messages. */
  readonly ids: Pick<Ids, "newToken">;
  readonly policy: AccessPolicy;
}

/**
 * The ports of correlate: it reads requests, and records what CloudTrail says of the broker's
 * calls.
 */
export interface CorrelatePorts {
  readonly requests: Pick<RequestStore, "load" | "history">;
  readonly evidence: Omit<EvidenceStore, "putCall" | "putIntent">;
  readonly clock: Clock;
  readonly policy: AccessPolicy;
  readonly settings: Settings;
  /**
   * The role under which fuses fire in the broker's account. Roles of other accounts have its name.
   */
  readonly fuseRoleArn: string;
  readonly lookup: TrailLookup;
  readonly pause: Pause;
}

/** The ports of activity: it reads requests and audit logs, and adds evidence. */
export interface ActivityPorts {
  readonly requests: Pick<RequestStore, "load" | "history" | "auditBetween">;
  readonly evidence: Pick<EvidenceStore, "callsFor" | "evidenceOf" | "appendEvidence">;
  readonly log: ActivityLog;
  readonly clock: Clock;
  readonly policy: AccessPolicy;
  readonly settings: Pick<Settings, "activityDelaySeconds" | "activityLookBackSeconds">;
}

/** The ports of standing: it reads access entries, and stores what no grant explains. */
export interface StandingPorts {
  readonly reader: StandingReader;
  readonly store: StandingStore;
  readonly readings: ReadingStore;
  readonly bindings: Pick<BindingStore, "view">;
  readonly requests: Pick<RequestStore, "historyPage">;
  readonly evidence: Pick<EvidenceStore, "callsFor" | "intents">;
  /** Only its backlog is read. */
  readonly queue: Pick<ConvergeQueue, "backlog">;
  readonly pause: Pause;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly policy: AccessPolicy;
  readonly settings: Pick<Settings, "standingEverySeconds" | "standingPauseMillis">;
}

/** The ports of outside: it asks other services, and stores what they say. It reads no request. */
export interface OutsidePorts {
  readonly source: ScheduleSource;
  readonly tickets: TicketSource;
  readonly facts: FactStore;
  readonly wake: FactWake;
  readonly clock: Clock;
  readonly policy: ServicesOutside;
  readonly settings: Pick<Settings, "lookPauseSeconds">;
}

/** The ports that tell how old lists of standing access are. */
export interface LateStandingPorts extends Pick<StandingPorts, "policy" | "clock"> {
  readonly settings: Pick<Settings, "standingEverySeconds" | "sweepPeriodSeconds">;
  readonly standing: Pick<StandingStore, "load">;
}

/** The ports of archive. It changes nothing but the archive, and publishes each seal. */
export interface ArchivePorts {
  readonly records: AuditRecords;
  /** Read for what readings found. */
  readonly standing: Pick<StandingStore, "all">;
  readonly store: ArchiveStore;
  readonly signer: Signer;
  readonly bus: EventBus;
  readonly policy: AccessPolicy;
  readonly clock: Clock;
}

/** The ports of a witness, in an auditor's account. */
export interface WitnessPorts {
  /** The broker's archive, which it only reads. */
  readonly archive: Pick<ArchiveStore, "read" | "list">;
  /** The witness's own bucket: each checkpoint that it cosigned. */
  readonly kept: ArchiveStore;
  readonly cosigner: Cosigner;
  readonly clock: Clock;
}

/** The ports of converge. Only converge has access to EKS, the ledger and the schedules. */
export interface ConvergePorts {
  readonly requests: RequestStore;
  /** Read to judge approvals on somebody's behalf. */
  readonly delegations: Pick<DelegationStore, "records">;
  readonly bindings: BindingStore;
  readonly ledgers: LedgerStore;
  readonly clusters: ClusterFactsStore;
  readonly circuits: CircuitStore;
  readonly stops: Pick<StopStore, "since">;
  readonly stopCopy: StopCopyStore;
  /** Read only where a rule asks another service. */
  readonly facts: FactReads;
  /** Told which tickets to look at again, for grants that end with theirs. */
  readonly outside: Pick<OutsideQueue, "lookAtTickets">;
  readonly entries: AccessEntries;
  readonly schedules: Schedules;
  /** Converge says what it is about to add and what EKS answered; correlate does the rest. */
  readonly evidence: Pick<EvidenceStore, "putCall" | "putIntent" | "intents">;
  /** For work to retry after other bindings had their turn. */
  readonly queue: Pick<ConvergeQueue, "send">;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly random: Random;
  readonly policy: AccessPolicy;
  readonly settings: Settings;
}
