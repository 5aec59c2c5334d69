import { NOTIFY_QUEUE } from "../plan/scene.ts";
import { type Disturbance, RECOVERY_SECONDS } from "../stage/disturbance.ts";
import { isAcknowledged } from "../stage/stage.ts";
import type { Seen } from "./seen.ts";

/** All that may hold up an end in this run: what was done to the broker, and a machine that was too slow. */
export const disturbancesOf = ({
  disturbances,
  slow,
}: Pick<Seen, "disturbances" | "slow">): readonly Disturbance[] => [
  ...disturbances,
  ...slow.map(({ from, to }) => ({
    from,
    to,
    holdsUpSeconds: RECOVERY_SECONDS,
    what: "the machine was too slow",
  })),
];

/** The earliest end that an answer promised for a request. */
export const promisedEnd = ({ promises }: Pick<Seen, "promises">, id: string): string | undefined =>
  promises
    .filter((one) => one.id === id)
    .map(({ expiresAt }) => expiresAt)
    .toSorted()[0];

/**
 * A return or a revocation is for the grant's whole chain; a cancellation is only for its request.
 */
const ENDS_CHAIN: ReadonlySet<string> = new Set(["return", "revoke"]);

/** The requests of a chain, by their ids: a grant, those it extends, and its extensions. */
export function chainOf({ requests }: Pick<Seen, "requests">, id: string): ReadonlySet<string> {
  const chain = new Set([id]);
  // A chain is short: each pass finds a link on either side.
  for (let before = 0; before < chain.size; ) {
    before = chain.size;
    for (const { request } of requests) {
      if (request.extends === undefined) continue;
      if (chain.has(request.id)) chain.add(request.extends);
      else if (chain.has(request.extends)) chain.add(request.id);
    }
  }
  return chain;
}

/** A suspension ends everything of the person that began before. */
const stoppedAt = (
  { suspensions, requests, deeds }: Pick<Seen, "suspensions" | "requests" | "deeds">,
  id: string,
): readonly number[] => {
  const request = requests.find((one) => one.request.id === id)?.request;
  const approvedAt = Date.parse(request?.approvedAt ?? "");
  return suspensions.flatMap(({ person, at }) =>
    person === request?.requester && approvedAt < at && !isWakeLost(at, deeds) ? at : [],
  );
};

/** Nothing but its message ends what a suspension ends: where that may be lost, a look at drift does, much later. */
const isWakeLost = (at: number, deeds: Seen["deeds"]): boolean =>
  deeds.some(
    ({ action, from }) =>
      action.kind === "aws-fault" &&
      action.rule["service"] === "sqs" &&
      action.rule["resource"] !== NOTIFY_QUEUE &&
      from < at &&
      at - WAKE_MS < from + action.seconds * 1_000,
  );
const WAKE_MS = 3_000;

/** When the API first answered somebody that they had ended a grant, its chain, or its holder. Milliseconds since 1970. */
export function endAnswered(
  seen: Pick<Seen, "deeds" | "answered" | "requests" | "suspensions">,
  id: string,
): number | undefined {
  const chain = chainOf(seen, id);
  const ended = seen.deeds.filter((deed) => {
    const { action } = deed;
    if (!isAcknowledged(deed) || !("life" in action)) return false;
    const ends = seen.answered.get(action.life)?.id ?? "";
    return action.kind === "cancel" ? ends === id : ENDS_CHAIN.has(action.kind) && chain.has(ends);
  });
  const ends = [...ended.map(({ to }) => to), ...stoppedAt(seen, id)];
  return ends.length === 0 ? undefined : Math.min(...ends);
}
