import { chainOf } from "./disturbances.ts";
import type { Judgement, Seen, SeenRequest, Violation } from "./seen.ts";

/** Steps by which somebody ends a chain. */
const ENDS: ReadonlySet<string> = new Set(["return", "revoke"]);
const OPEN: ReadonlySet<string> = new Set(["pending", "approved", "active"]);
/** Clocks of functions differ by a second each, and a link may begin at the same instant. */
const SAME_MS = 2_500;

const stateAt = ({ events }: SeenRequest, at: number): string | undefined =>
  events.findLast((event) => Date.parse(event.at) <= at)?.to;

/** The links of a chain that are still open after somebody ended another one. */
function openLinks(seen: Seen, ended: SeenRequest): readonly Violation[] {
  const end = ended.events.find(({ type }) => ENDS.has(type));
  if (!end) return [];
  const at = Date.parse(end.at);
  const chain = chainOf(seen, ended.request.id);
  return seen.requests.flatMap((link): readonly Violation[] => {
    const { request, events } = link;
    const isOlder = Date.parse(events[0]?.at ?? end.at) < at - SAME_MS;
    const state = stateAt(link, at + SAME_MS) ?? "";
    if (request.id === ended.request.id || !chain.has(request.id) || !isOlder) return [];
    if (!OPEN.has(state)) return [];
    const detail = `It was still ${state} after ${end.actor} ended its chain: ${end.type} of ${ended.request.id}.`;
    return [{ at, request: request.id, detail, isFinal: true }];
  });
}

export const LINKS: Judgement = {
  sentence: "The end of a grant ends every link of its chain.",
  judge: (seen) => seen.requests.flatMap((one) => openLinks(seen, one)),
};
