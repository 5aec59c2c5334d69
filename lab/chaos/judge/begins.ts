import { disturbancesOf } from "./disturbances.ts";
import { isOfRemadeRole } from "./remade-roles.ts";
import { isBehind } from "./restored.ts";
import type { Judgement, Seen, SeenRequest, Violation } from "./seen.ts";

/** How long a grant may take to begin when nothing is in its way: a message, a sweep, a run or two, and what reads lag. */
export const BEGINS_MS = 15_000;

interface Begin {
  /** Milliseconds since 1970. */
  readonly due: number;
  readonly at: number;
}

/** When a grant had to begin, and did; undefined for one that never began, and for more time on one that lasts. */
function beginOf({ request, events }: SeenRequest): Begin | undefined {
  const activated = events.find(({ type }) => type === "activate");
  const { approvedAt, startsAt, extends: extended } = request;
  if (!activated || approvedAt === null || extended !== undefined) return undefined;
  return { due: Date.parse(startsAt ?? approvedAt), at: Date.parse(activated.at) };
}

const isDisturbed = ({ due, at }: Begin, one: SeenRequest, seen: Seen): boolean =>
  isOfRemadeRole(one.request, seen, at) ||
  isBehind(one, seen) ||
  disturbancesOf(seen).some(
    ({ from, to, holdsUpSeconds, cluster }) =>
      (!cluster || cluster === one.request.cluster) &&
      from < at &&
      to + holdsUpSeconds * 1_000 > due,
  );

function lateBegin(seen: Seen, one: SeenRequest): readonly Violation[] {
  const begin = beginOf(one);
  if (!begin || begin.at - begin.due <= BEGINS_MS || isDisturbed(begin, one, seen)) return [];
  const seconds = Math.round((begin.at - begin.due) / 1_000);
  const detail = `It was approved, and nothing was in its way, but it began ${seconds} s later.`;
  return [{ at: begin.at, request: one.request.id, detail, isFinal: true }];
}

/** How many seconds the slowest grant took to begin that nothing held up. */
export function slowestBegin(seen: Seen): number | undefined {
  const taken = seen.requests.flatMap((one) => {
    const begin = beginOf(one);
    return begin && !isDisturbed(begin, one, seen) ? (begin.at - begin.due) / 1_000 : [];
  });
  return taken.length === 0 ? undefined : Math.round(Math.max(...taken) * 10) / 10;
}

export const BEGINS: Judgement = {
  sentence: "Every grant begins soon after its approval.",
  judge: (seen) => seen.requests.flatMap((one) => lateBegin(seen, one)),
};
