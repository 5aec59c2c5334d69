/** What a run of converge reports for alarms. */
import type { ConvergeReport } from "../../shared/usecases/converge/converge.ts";
import type { Troubles } from "./trouble-metrics.ts";

/** Feeds the paging alarms OverdueGrants, BareEntry, FuseRefused, EndsNotArmed and TableFaults. */
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
  FuseRefused: fusesRefused,
  EndsNotArmed: timersRefused,
  TableFaults: recordsLeftOut + ledgersTooLarge,
});
