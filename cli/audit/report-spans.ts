/** The days, weeks or months into which a chart divides a period. */
import { plusSeconds } from "../../shared/domain/values/instant.ts";

interface Span {
  readonly label: string;
  /** Itself included. ISO 8601 UTC. */
  readonly from: string;
  /** Itself not included. */
  readonly to: string;
}

const DAY_SECONDS = 86_400;
const MOST_DAYS = 31;
const MOST_WEEKS = 27;

const days = ({ from, to }: Pick<Span, "from" | "to">) =>
  (Date.parse(to) - Date.parse(from)) / (DAY_SECONDS * 1_000);

/** Days for about a month, weeks for about half a year, months for longer. All begin in UTC. */
export function spansOf(period: Pick<Span, "from" | "to">): {
  readonly unit: "day" | "week" | "month";
  readonly spans: readonly Span[];
} {
  const length = days(period);
  if (length <= MOST_DAYS) return { unit: "day", spans: stepped(period, 1) };
  if (length <= MOST_WEEKS * 7) return { unit: "week", spans: stepped(period, 7) };
  return { unit: "month", spans: months(period) };
}

function stepped(period: Pick<Span, "from" | "to">, step: number): readonly Span[] {
  const spans: Span[] = [];
  const first = `${period.from.slice(0, 10)}T00:00:00.000Z`;
  for (let from = first; from < period.to; ) {
    const to = plusSeconds(from, step * DAY_SECONDS);
    spans.push({ label: from.slice(5, 10), from, to });
    from = to;
  }
  return spans;
}

function months(period: Pick<Span, "from" | "to">): readonly Span[] {
  const spans: Span[] = [];
  for (let from = `${period.from.slice(0, 7)}-01T00:00:00.000Z`; from < period.to; ) {
    const date = new Date(from);
    const to = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1)).toISOString();
    spans.push({ label: from.slice(0, 7), from, to });
    from = to;
  }
  return spans;
}
