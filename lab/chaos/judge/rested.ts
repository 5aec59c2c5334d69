import type { SeenRequest } from "./seen.ts";

const RESTS: ReadonlySet<string> = new Set(["denied", "cancelled", "lapsed", "failed", "ended"]);

/** When nothing of a request could change any more; never for one whose record is open. */
export const restedAt = ({ request, events }: SeenRequest): number =>
  RESTS.has(request.state)
    ? Date.parse(events.at(-1)?.at ?? request.createdAt)
    : Number.POSITIVE_INFINITY;

/** The same by the request's history only, whatever its record says. */
export const restedByHistory = ({ events }: Pick<SeenRequest, "events">): number => {
  const last = events.at(-1);
  return last && RESTS.has(last.to) ? Date.parse(last.at) : Number.POSITIVE_INFINITY;
};
