import type { Claim } from "../stage/stage.ts";
import type { Presence } from "../stage/watch-entries.ts";
import { disturbancesOf } from "./disturbances.ts";
import type { Judgement, Seen, Violation } from "./seen.ts";

/**
 * EKS has no conditional write: what others add while a call of the broker is on its way may go with the entry that
 * it deletes (docs/protocol.md, "Exceptions, written down"). A read lags by a second, clocks differ by one, and from the
 * read to the answer of a call it takes less than another.
 */
const IN_FLIGHT_MS = 3_000;
/** A call that had no answer lands within five seconds more. */
const UNANSWERED_MS = 5_000;

const isOf = ({ cluster, principalArn }: Claim, presence: Presence, element: string) =>
  presence.cluster === cluster &&
  presence.principalArn === principalArn &&
  presence.element === element;

/** An addition to a cluster: when it was asked for, and when it was there. */
interface Added {
  readonly cluster: string;
  readonly askedAt: number;
  readonly madeAt: number;
}

/**
 * The time at which all access on a cluster went with it. An addition during the deletion went too.
 */
const deletedAt = ({ cluster, askedAt, madeAt }: Added, { remade, settledAt }: Seen): number =>
  Math.min(
    settledAt,
    ...remade
      .filter((one) => one.cluster === cluster && (one.at > askedAt || one.until > madeAt))
      .map(({ at }) => at),
  );

/** How long after a claim what it added may still be lost: longer where a call may have had no answer. */
function inFlight({ cluster, madeAt }: Claim, until: number, seen: Seen): number {
  const isDisturbed = disturbancesOf(seen).some(
    (one) =>
      (!one.cluster || one.cluster === cluster) &&
      one.from <= until &&
      one.to + UNANSWERED_MS >= madeAt,
  );
  return IN_FLIGHT_MS + (isDisturbed ? UNANSWERED_MS : 0);
}

interface Loss {
  readonly finding: Violation;
  /** Whether a call that was on its way may have taken it. */
  readonly isExcused: boolean;
}

function lostElements(claim: Claim, seen: Seen): readonly Loss[] {
  const { elements, madeAt, releasedAt, principalArn, cluster } = claim;
  return elements.flatMap((element) => {
    const last = seen.presences.filter((presence) => isOf(claim, presence, element)).at(-1);
    const until = last?.to ?? madeAt;
    const mustLast = Math.min(releasedAt ?? seen.settledAt, deletedAt(claim, seen));
    if (until >= mustLast - 1_000) return [];
    const who = principalArn.split("/").at(-1);
    const detail = `${element} of ${who} on ${cluster}, which others added, is gone since ${new Date(until).toISOString()}.`;
    const isExcused = until < madeAt + inFlight(claim, until, seen);
    return [{ finding: { at: until, detail }, isExcused }];
  });
}

const losses = (seen: Seen): readonly Loss[] =>
  seen.claims.flatMap((claim) => lostElements(claim, seen));

/** How much of what others added was lost to calls on their way. */
export const excusedLosses = (seen: Seen): number =>
  losses(seen).filter(({ isExcused }) => isExcused).length;

/** Loss of access from before the run, which nobody in the run may touch. */
const lostStanding = (seen: Seen): readonly Violation[] =>
  seen.presences
    .filter(
      ({ isStanding, cluster, from, to }) =>
        isStanding && to < deletedAt({ cluster, askedAt: from, madeAt: from }, seen) - 1_000,
    )
    .map(({ element, principalArn, cluster, to }) => ({
      at: to,
      detail: `${element} of ${principalArn.split("/").at(-1)} on ${cluster} was standing access, and is gone.`,
    }));

export const OWNERS: Judgement = {
  sentence: "Access that others gave is as they left it.",
  judge: (seen) => [
    ...losses(seen).flatMap(({ finding, isExcused }) => (isExcused ? [] : [finding])),
    ...lostStanding(seen),
  ],
};
