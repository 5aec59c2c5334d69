import type { Circuit } from "../../shared/domain/clusters/circuit.ts";
import type { Ledger } from "../../shared/domain/entries/ledger.ts";
import type { ScheduleReading } from "../../shared/domain/facts/schedule-reading.ts";
import type { TicketReading } from "../../shared/domain/facts/ticket-reading.ts";
import type { StopRecord } from "../../shared/domain/stops/stops.ts";
import { memoryAccessEntries } from "../fakes/memory-access-entries.ts";
import { memoryEvidenceStore } from "../fakes/memory-evidence-store.ts";
import { memoryFindingStore } from "../fakes/memory-finding-store.ts";
import { memorySchedules } from "../fakes/memory-schedules.ts";
import { type MemoryTables, memoryTables } from "../fakes/memory-tables.ts";
import { PastMap } from "../fakes/past-map.ts";
import { modesOf } from "./faults/entry-rules.ts";
import { anySpan } from "./faults/hardship.ts";
import { readLag } from "./network/read-lag.ts";
import { CLUSTERS, PRINCIPALS, role } from "./sim-policy.ts";
import type { Stage } from "./stage.ts";
import { instantOf } from "./virtual-time.ts";

export type WorldFakes = ReturnType<typeof worldFakes>;

/** The state of one simulated AWS: tables, access entries, schedules, principals and clusters. */
export function worldFakes(stage: Stage) {
  const { time, random, profile, hardships, tally, note } = stage;
  const now = () => instantOf(time.now);
  const principals = new PastMap<string>(
    now,
    PRINCIPALS.map((name) => [role(name), `AROA${name.toUpperCase()}`]),
  );
  const clusters = new PastMap<true>(
    now,
    Object.values(CLUSTERS).map((arn) => [arn, true]),
  );
  /** By ARN, when principals and clusters were created again. */
  const createdAt = new PastMap<string>(now);
  const modes = modesOf({ time, hardships });
  const entries = memoryAccessEntries({
    now,
    modes,
    principals,
    clusters,
    createdAt,
    view: readLag({ time, random, profile, tally, note: (what) => note("eks", what) }),
  });
  const takesFuses = fuseTaker(stage);
  const tables = tablesWithPast({ time, hardships }, memoryTables());
  return {
    tables,
    findings: memoryFindingStore(tables),
    evidenceStore: memoryEvidenceStore(),
    ledgers: new Map<string, Ledger>(),
    circuits: new Map<string, Circuit>(),
    /** The chain of stops. */
    stopRecords: [] as StopRecord[],
    /** Readings of schedules. */
    readings: new Map<string, ScheduleReading>(),
    tickets: newTickets(),
    principals,
    clusters,
    createdAt,
    modes,
    entries,
    schedules: memorySchedules({ takesFuses }),
  };
}

/** Readings of tickets by their keys, and whoever takes the messages of the queue of `outside`. */
export interface TicketFakes {
  readonly readings: Map<string, TicketReading>;
  onAsked: (keys: readonly string[]) => void;
}

const newTickets = (): TicketFakes => ({ readings: new Map(), onAsked: () => {} });

/** Tables of a life whose indexes may be behind keep what was in them. */
function tablesWithPast(
  stage: Pick<Stage, "time" | "hardships">,
  tables: MemoryTables,
): MemoryTables {
  if (!stage.hardships.has("indexStale")) return tables;
  const now = () => instantOf(stage.time.now);
  return { ...tables, heads: new PastMap(now), requests: new PastMap(now) };
}

/**
 * Whether Scheduler takes fuses. It documents no EKS targets, so that it may refuse them for good from
 * some time on.
 */
function fuseTaker({ hardships, startedAt, time, tally }: Stage): () => boolean {
  if (!hardships.has("fusesRefused")) return () => true;
  const from = hardships.random.chance(0.5)
    ? startedAt
    : anySpan(hardships.random, startedAt, 1).from;
  return () => {
    if (time.now < from) return true;
    tally.meets("fusesRefused");
    return false;
  };
}
