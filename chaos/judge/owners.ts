import type { Claim } from "../stage/stage.ts";
import type { Presence } from "../stage/watch-entries.ts";
import type { Finding, Judgement, Seen } from "./seen.ts";

/**
 * EKS has no conditional write: what others add while a call of the broker is on its way may go with the entry that
 * it deletes (docs/protocol.md, "Exceptions, written down"). A read lags by a second, and a call lands within five.
 */
const IN_FLIGHT_MS = 8_000;

const isOf = ({ cluster, principalArn }: Claim, presence: Presence, element: string) =>
  presence.cluster === cluster &&
  presence.principalArn === principalArn &&
  presence.element === element;

/** When all that was on a cluster went with it. */
const deletedAt = (cluster: string, since: number, { remade, settledAt }: Seen): number =>
  Math.min(
    settledAt,
    ...remade.flatMap((one) => (one.cluster === cluster && one.at > since ? one.at : [])),
  );

function lostElements(claim: Claim, seen: Seen): readonly Finding[] {
  const { elements, madeAt, releasedAt, principalArn, cluster } = claim;
  return elements.flatMap((element) => {
    const last = seen.presences.filter((presence) => isOf(claim, presence, element)).at(-1);
    const until = last?.to ?? madeAt;
    const mustLast = Math.min(releasedAt ?? seen.settledAt, deletedAt(cluster, madeAt, seen));
    if (until >= mustLast - 1_000 || until < madeAt + IN_FLIGHT_MS) return [];
    const who = principalArn.split("/").at(-1);
    return [
      {
        at: until,
        detail: `${element} of ${who} on ${cluster}, which others added, is gone since ${new Date(until).toISOString()}.`,
      },
    ];
  });
}

/** What was there before the run, and nobody in it may touch. */
const lostStanding = (seen: Seen): readonly Finding[] =>
  seen.presences
    .filter(
      ({ isStanding, cluster, from, to }) =>
        isStanding && to < deletedAt(cluster, from, seen) - 1_000,
    )
    .map(({ element, principalArn, cluster, to }) => ({
      at: to,
      detail: `${element} of ${principalArn.split("/").at(-1)} on ${cluster} was standing access, and is gone.`,
    }));

export const OWNERS: Judgement = {
  sentence: "What others made is as they left it.",
  judge: (seen) => [
    ...seen.claims.flatMap((claim) => lostElements(claim, seen)),
    ...lostStanding(seen),
  ],
};
