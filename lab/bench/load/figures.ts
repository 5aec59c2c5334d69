/** The figures of a load, from what was counted. */
import { secondsBetween } from "../../../shared/domain/values/instant.ts";
import { median, percentile } from "../statistics.ts";
import type { Figure } from "../storm/figure.ts";
import { type Removal, removalOf } from "./removals.ts";
import { type EndedGrant, OPERATIONS, type Tally } from "./tally.ts";

export interface LoadFacts {
  readonly tally: Tally;
  readonly removals: readonly Removal[];
  /** Entries of the crowd that are left after the last grant ended. */
  readonly entriesLeft: number;
}

const WHAT = { ask: "A question", approve: "An approval", return: "A return", read: "A look" };

const figure = (
  name: string,
  what: string,
  value: number,
  unit: Figure["unit"],
  bound: number | null = null,
): Figure => ({ name, what, value, unit, bound });

/** Median, p95 and p99; nothing where nothing was measured. */
function spread(
  name: string,
  what: string,
  values: readonly number[],
  unit: Figure["unit"],
): readonly Figure[] {
  if (values.length === 0) return [];
  return [
    figure(`${name}.median`, `${what}, median of ${values.length}`, median(values), unit),
    figure(`${name}.p95`, `${what}, p95`, percentile(values, 95), unit),
    figure(`${name}.p99`, `${what}, p99`, percentile(values, 99), unit),
  ];
}

export function loadFigures({ tally, removals, entriesLeft }: LoadFacts): readonly Figure[] {
  const ended = tally.ended.map((one) => ({ ...one, goneAt: goneAt(one, removals) }));
  const errors = [...tally.errors.values()].reduce((sum, count) => sum + count, 0);
  const late = ended.filter(({ goneAt: at, request }) => !at || at > (request.expiresAt ?? ""));
  return [
    ...OPERATIONS.flatMap((operation) =>
      spread(operation, `${WHAT[operation]} is answered`, tally.took[operation], "ms"),
    ),
    ...spread("access", "Access after its approval", ended.flatMap(secondsToAccess), "s"),
    ...spread(
      "end",
      "Access goes after its time",
      ended
        .filter(({ isReturned }) => !isReturned)
        .flatMap(({ request, goneAt: at }) => between(request.revokeAt, at)),
      "s",
    ),
    figure("grants", "Grants from question to end", ended.length, "grants"),
    // Without a grant nothing was measured, and no bound holds.
    figure("errors", "Errors", ended.length === 0 ? Number.NaN : errors, "times", 0),
    figure("late", "Access that was there after expiresAt", late.length, "grants", 0),
    figure("left", "Entries that are left", entriesLeft, "items", 0),
  ];
}

const goneAt = ({ request }: EndedGrant, removals: readonly Removal[]): string | undefined =>
  removalOf(
    { principalArn: request.principalArn, effectiveAt: request.effectiveAt ?? request.createdAt },
    removals,
  );

const secondsToAccess = ({ request }: EndedGrant): readonly number[] =>
  between(request.approvedAt, request.effectiveAt ?? undefined);

const between = (from: string | null, to: string | undefined): readonly number[] =>
  from === null || to === undefined ? [] : [secondsBetween(from, to)];
