/** The period, from `from` on and before `to`, and when the report was made. ISO 8601 UTC. */
export interface ReportPeriod {
  readonly from: string;
  readonly to: string;
  readonly madeAt: string;
}

export const isWithin = ({ from, to }: Pick<ReportPeriod, "from" | "to">, at: string): boolean =>
  at >= from && at < to;
