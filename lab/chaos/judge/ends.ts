import { UNSURE_SECONDS } from "../stage/disturbance.ts";
import { disturbancesOf } from "./disturbances.ts";
import { elementsOf } from "./lent-time.ts";
import { isBehind } from "./restored.ts";
import type { Judgement, Seen, SeenRequest, Violation } from "./seen.ts";

/**
 * The time from the access's removal to the reported end: the read lag (2 s), a sweep (2 s), a run
 * (5 s), and both again.
 */
const SHOWN_MS = 15_000;

/** When the access of a grant was last seen between two instants. */
function lastSeen({ request }: SeenRequest, seen: Seen, from: number, to: number): number {
  const elements = elementsOf(request.access);
  const last = seen.presences.flatMap((one) =>
    request.clusterArn.endsWith(`/${one.cluster}`) &&
    one.principalArn === request.principalArn &&
    elements.includes(one.element) &&
    one.from < to
      ? Math.min(one.to, to)
      : [],
  );
  return Math.max(from, ...last);
}

function lateEnd(seen: Seen, one: SeenRequest): readonly Violation[] {
  const { request, events } = one;
  const settled = events.find(({ type }) => type === "settle");
  const begun = events.findLast(
    (event) => event !== settled && event.to === "ending" && event.from !== "ending",
  );
  if (!begun || !settled) return [];
  const at = Date.parse(settled.at);
  const gone = lastSeen(one, seen, Date.parse(begun.at), at);
  const isDisturbed = disturbancesOf(seen).some(
    ({ from, to, holdsUpSeconds, cluster }) =>
      (!cluster || cluster === request.cluster) && from < at && to + holdsUpSeconds * 1_000 > gone,
  );
  const allowed = SHOWN_MS + (isBehind(one, seen) ? UNSURE_SECONDS * 1_000 : 0);
  if (at - gone <= allowed || isDisturbed) return [];
  const seconds = Math.round((at - gone) / 1_000);
  const detail = `Its access was gone, and it was reported as ended ${seconds} s later.`;
  return [{ at, request: request.id, detail, isFinal: true }];
}

export const ENDS: Judgement = {
  sentence: "Every grant is reported as ended soon after its access is gone.",
  judge: (seen) => seen.requests.flatMap((one) => lateEnd(seen, one)),
};
