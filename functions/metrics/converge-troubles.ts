/** The troubles of a run of converge, for alarms. */
import type { ConvergeReport } from "../../shared/usecases/converge/converge.ts";
import type { Troubles } from "./trouble-metrics.ts";

/** Feeds the paging alarms OverdueGrants, BareEntry, FuseRefused and TableFaults. */
export const convergeTroubles = ({
  overdueGrants,
  bareEntries,
  fusesRefused,
  timersRefused,
  recordsLeftOut,
  ledgersTooLarge,
}: ConvergeReport): Troubles => ({
  OverdueGrants: overdueGrants,
  BareEntry: bareEntries,
  // One alarm for both, since each alarm costs. Converge's log says which it is.
  FuseRefused: fusesRefused + timersRefused,
  TableFaults: recordsLeftOut + ledgersTooLarge,
});
