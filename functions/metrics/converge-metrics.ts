/** The figures of a run of converge: its troubles, for alarms, and how long its message waited. */

import type { SQSRecordAttributes } from "aws-lambda";
import type { ConvergeReport } from "../../shared/usecases/converge/converge.ts";
import type { Troubles } from "./trouble-metrics.ts";

/** Feeds the paging alarms OverdueGrants, BareEntry, FuseRefused and TableFaults, and TicketsUnread. */
export const convergeTroubles = ({
  overdueGrants,
  bareEntries,
  fusesRefused,
  timersRefused,
  recordsLeftOut,
  ledgersTooLarge,
  ticketsUnread,
}: ConvergeReport): Troubles => ({
  OverdueGrants: overdueGrants,
  BareEntry: bareEntries,
  // One alarm for both, since each alarm costs. Converge's log says which it is.
  FuseRefused: fusesRefused + timersRefused,
  TableFaults: recordsLeftOut + ledgersTooLarge,
  TicketsUnread: ticketsUnread,
});

/**
 * How long a message waited in the queue before it was first received, in seconds, by SQS's clock. Time
 * after a failed run does not count, because it says nothing about the queue's length.
 */
export const secondsWaited = ({
  SentTimestamp,
  ApproximateFirstReceiveTimestamp,
}: Pick<SQSRecordAttributes, "SentTimestamp" | "ApproximateFirstReceiveTimestamp">): number =>
  Math.max(0, Number(ApproximateFirstReceiveTimestamp) - Number(SentTimestamp)) / 1_000;
