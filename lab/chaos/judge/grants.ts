import { BEGINS_MS } from "./begins.ts";
import { disturbancesOf } from "./disturbances.ts";
import { lentTimeOf } from "./lent-time.ts";
import { isRefusedForRole } from "./remade-roles.ts";
import { isBehind } from "./restored.ts";
import type { Judgement, Seen, SeenRequest, Violation } from "./seen.ts";

/** States in which nothing is left to do. A pending request waits for people. */
const RESTS: ReadonlySet<string> = new Set([
  ...["pending", "denied", "cancelled", "lapsed", "failed", "ended"],
]);

/** A request that was answered and is not there any more. */
const lost = ({ answered, requests, settledAt }: Seen): readonly Violation[] => {
  const known = new Set(requests.map(({ request }) => request.id));
  return [...answered.values()]
    .filter(({ id }) => !known.has(id))
    .map(({ id }) => ({
      at: settledAt,
      request: id,
      detail: "The API answered this request, and knows it no more.",
    }));
};

/** A step that was answered, and is not stored. */
const forgotten = ({ answered, requests, settledAt }: Seen): readonly Violation[] =>
  [...answered.values()].flatMap(({ id, version, state }) => {
    const now = requests.find(({ request }) => request.id === id)?.request.version ?? version;
    if (now >= version) return [];
    const detail = `The API answered version ${version}, ${state}, and shows version ${now}.`;
    return [{ at: settledAt, request: id, detail, isFinal: true as const }];
  });

const open = ({ requests, settledAt }: Seen): readonly Violation[] =>
  requests
    .filter(({ request }) => !RESTS.has(request.state))
    .map(({ request: { id, state } }) => ({
      at: settledAt,
      request: id,
      detail: `It is still ${state} though everything has settled.`,
    }));

/** Why a grant that was approved was not lent, although nothing was in its way. */
function neverLent(seen: Seen, one: SeenRequest): readonly Violation[] {
  const { request, events } = one;
  const time = lentTimeOf(one, []);
  if (time === undefined || events.some(({ type }) => type === "activate")) return [];
  const begins = time.from;
  const isEnded = events.some(
    ({ type, at }) =>
      ["return", "revoke", "cancel", "withdraw"].includes(type) &&
      Date.parse(at) < begins + BEGINS_MS,
  );
  const isShort = Date.parse(request.revokeAt ?? "") < begins + BEGINS_MS;
  const isDisturbed = disturbancesOf(seen).some(
    ({ from, to, holdsUpSeconds, cluster }) =>
      (!cluster || cluster === request.cluster) &&
      from < begins + BEGINS_MS &&
      to + holdsUpSeconds * 1_000 > begins,
  );
  if (isEnded || isShort || isDisturbed) return [];
  if (isBehind(one, seen)) return [];
  if (isRefusedForRole(request, seen, begins + BEGINS_MS)) return [];
  const why = request.outcome
    ? `${request.outcome.code}: ${request.outcome.detail}`
    : request.state;
  return [
    {
      at: begins,
      request: request.id,
      detail: `It was approved and nothing was in its way, but it was never active (${why}).`,
      isFinal: true,
    },
  ];
}

export const GRANTS: Judgement = {
  sentence: "No request is lost, no grant is left open, and each that can be lent is lent.",
  judge: (seen) => [
    ...lost(seen),
    ...forgotten(seen),
    ...open(seen),
    ...seen.requests.flatMap((one) => neverLent(seen, one)),
  ],
};
