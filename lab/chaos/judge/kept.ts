import { isAttacked } from "./attacked.ts";
import { disturbancesOf } from "./disturbances.ts";
import { elementsOf, FUSE_MS } from "./lent-time.ts";
import { isOfRemadeRole } from "./remade-roles.ts";
import type { Judgement, Seen, SeenRequest, Violation } from "./seen.ts";

/** The watcher looks every 200 ms, clocks differ by a second each, and a step is stored after its call. */
const EDGE_MS = 3_000;
/** The watcher's precision. */
const SHORT_MS = 1_500;
/**
 * The time until access that others took is added again. The next look at drift waits for an empty
 * queue.
 */
const REPAIR_MS = 90_000;
/** An owner who finds the entry bare deletes it, while the broker adds to it. */
const AROUND_MS = 10_000;

const OVER: ReadonlySet<string> = new Set(["ending", "ended", "failed", "cancelled"]);

interface Gap {
  readonly from: number;
  readonly to: number;
}

/** When an element was not there between two instants. */
function gapsOf(seen: Seen, { request }: SeenRequest, element: string, { from, to }: Gap) {
  const there = seen.presences
    .filter(
      (one) =>
        one.element === element &&
        one.principalArn === request.principalArn &&
        request.clusterArn.endsWith(`/${one.cluster}`),
    )
    .toSorted((one, other) => one.from - other.from);
  const gaps: Gap[] = [];
  let until = from;
  for (const one of [...there, { from: to, to }]) {
    if (one.from - until > SHORT_MS && until < to)
      gaps.push({ from: until, to: Math.min(one.from, to) });
    until = Math.max(until, one.to);
  }
  return gaps.filter((gap) => gap.to - gap.from > SHORT_MS);
}

/** Whether others took it, a cluster went, or something ended runs meanwhile. */
function isExcused(gap: Gap, { request }: SeenRequest, seen: Seen): boolean {
  const { cluster, principalArn } = request;
  const meets = (from: number, to: number) => from < gap.to && to > gap.from;
  const isThere = (id: string) =>
    seen.requests.some(({ request: one }) => one.id === id && one.principalArn === principalArn);
  return (
    seen.strips.some(
      ({ life, at }) =>
        isThere(seen.answered.get(life)?.id ?? "") && meets(at - AROUND_MS, at + REPAIR_MS),
    ) ||
    seen.claims.some(
      (one) =>
        one.principalArn === principalArn &&
        [one.askedAt, one.releasedAt ?? one.askedAt].some((at) =>
          meets(at - AROUND_MS, at + REPAIR_MS),
        ),
    ) ||
    seen.remade.some((one) => one.cluster === cluster && one.at < gap.to) ||
    isOfRemadeRole({ principalArn }, seen, gap.to) ||
    isTakenByRestore(gap, request, seen) ||
    disturbancesOf(seen).some(
      (one) =>
        (!one.cluster || one.cluster === cluster) &&
        meets(one.from, one.to + one.holdsUpSeconds * 1_000),
    )
  );
}

/** A restored table may not know an end. A fuse that it forgot takes all that is lent on its policy by then. */
const isTakenByRestore = (
  gap: Gap,
  { createdAt, cluster, principalArn }: SeenRequest["request"],
  { answered, restores }: Seen,
): boolean =>
  restores.some(({ to, leftAt, adoptedAt, drainedAt }) => {
    if (drainedAt !== undefined || gap.to < leftAt) return false;
    if (Date.parse(createdAt) < adoptedAt) return true;
    return [...answered.values()].some(
      (one) =>
        one.cluster === cluster &&
        one.principalArn === principalArn &&
        Date.parse(one.createdAt) > to - FUSE_MS &&
        Date.parse(one.createdAt) < leftAt,
    );
  });

function lostAccess(seen: Seen, one: SeenRequest): readonly Violation[] {
  const { request, events } = one;
  const active = events.find(({ type }) => type === "activate");
  const over = events.find(
    (event) => event.seq > (active?.seq ?? 0) && event.from !== event.to && OVER.has(event.to),
  );
  if (!active) return [];
  const span = {
    from: Date.parse(active.at) + EDGE_MS,
    to: Date.parse(over?.at ?? active.at) - EDGE_MS,
  };
  return elementsOf(request.access).flatMap((element) =>
    gapsOf(seen, one, element, span)
      .filter((gap) => !isExcused(gap, one, seen))
      .map((gap) => {
        const [from, to] = [gap.from, gap.to].map((at) => new Date(at).toISOString());
        const detail = `It is active, and its ${element} was not there from ${from} until ${to}, which nobody took.`;
        return { at: gap.from, request: request.id, detail, isFinal: true as const };
      }),
  );
}

export const KEPT: Judgement = {
  sentence: "Lent access stays until its end.",
  judge: (seen) =>
    seen.requests.filter((one) => !isAttacked(seen, one)).flatMap((one) => lostAccess(seen, one)),
};
