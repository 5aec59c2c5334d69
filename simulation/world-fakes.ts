import type { Circuit } from "../shared/domain/clusters/circuit.ts";
import type { Ledger } from "../shared/domain/entries/ledger.ts";
import type { StopRecord } from "../shared/domain/stops/stops.ts";
import { memoryAccessEntries } from "../test/fakes/memory-access-entries.ts";
import { memoryEvidenceStore } from "../test/fakes/memory-evidence-store.ts";
import { memoryFindingStore } from "../test/fakes/memory-finding-store.ts";
import { memorySchedules } from "../test/fakes/memory-schedules.ts";
import { memoryTables } from "../test/fakes/memory-tables.ts";
import { PastMap } from "../test/fakes/past-map.ts";
import { readLag } from "./read-lag.ts";
import { CLUSTERS, PRINCIPALS, role } from "./sim-policy.ts";
import type { Stage } from "./stage.ts";
import { instantOf } from "./virtual-time.ts";

export type WorldFakes = ReturnType<typeof worldFakes>;

/** The state of one simulated AWS: tables, access entries, schedules, principals and clusters. */
export function worldFakes({ time, random, profile, tally, note }: Stage) {
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
  const entries = memoryAccessEntries({
    now,
    principals,
    clusters,
    createdAt,
    view: readLag({ time, random, profile, tally, note: (what) => note("eks", what) }),
  });
  const tables = memoryTables();
  return {
    tables,
    findings: memoryFindingStore(tables),
    evidenceStore: memoryEvidenceStore(),
    ledgers: new Map<string, Ledger>(),
    circuits: new Map<string, Circuit>(),
    /** The chain of stops. */
    stopRecords: [] as StopRecord[],
    principals,
    clusters,
    createdAt,
    entries,
    schedules: memorySchedules(),
  };
}
