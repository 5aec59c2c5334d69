import { startOf } from "../../domain/entries/claim.ts";
import { excessTargets } from "../../domain/entries/plan-removals.ts";
import { earliest, plusSeconds } from "../../domain/values/instant.ts";
import type { NextTimes } from "../../ports/binding-store.ts";
import type { ConvergePorts } from "../../ports/function-ports.ts";
import { confirmationTimes } from "./confirmations.ts";
import type { Need } from "./need.ts";
import { entitlementsIn, type Pass } from "./pass.ts";

/** What a pass leaves: what there is to do, and when. */
export interface PassResult {
  readonly need: Need;
  /** The entry was not read: what there was to do before is still to be done, and nothing more. */
  readonly isUnread: boolean;
  /** When there is something to look at again, besides what the grants and the ledger say. */
  readonly wakeAt: readonly string[];
}

/**
 * How often in a row a binding goes to the end of the queue by itself; then the sweep sends it.
 * Lambda takes a function that sends itself 16 messages on end for a loop.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html
 */
const TURNS = 8;

/**
 * Says when the binding is taken up again. A time that came while the pass was under way was not
 * seen by it, and is due at once. While anything is open, the binding is due at some time.
 *
 * A drift check that could not read the entry stays a drift check. As work it would be in the way of
 * ends: all that is lent on a cluster that does not answer would soon be work.
 */
export async function parkBinding(pass: Pass, result: PassResult): Promise<void> {
  const { ports, view, grants, held, binding, now } = pass;
  const isUnfinished = result.need !== "settled";
  const attempts = isUnfinished ? view.attempts + 1 : 0;
  const retry = isUnfinished ? [plusSeconds(ports.clock.now(), pauseSeconds(ports, attempts))] : [];
  const own = grants.open.flatMap((grant) =>
    [startOf(grant), grant.revokeAt].filter((at) => at !== null && at > now),
  ) as readonly string[];
  const isAtRest = view.dueAt === null || own.includes(view.dueAt);
  const isOnlyDriftCheck = result.isUnread && isAtRest && grants.stepsStored === 0;
  const soon = [...retry, ...result.wakeAt];
  const confirmations = nextConfirmations(pass);
  const work = [...own, ...confirmations, ...(isOnlyDriftCheck ? [] : soon)];
  const dueAt = earliest(work) ?? null;
  const next: NextTimes = {
    dueAt,
    dueFor: dueAt !== null && confirmations.includes(dueAt) ? "confirmation" : "addition",
    removeAt: removalTime(pass) ?? null,
    driftCheckAt: isOnlyDriftCheck ? (earliest(soon) ?? null) : nextDriftCheck(pass),
    attempts,
  };
  const ledgerRevision = held.current.revision;
  await ports.bindings.park(
    binding,
    { version: view.version + grants.stepsStored, ledgerRevision },
    next,
  );
  // Where it cannot be sent, it is due all the same.
  if (result.need === "yield" && !isOnlyDriftCheck && attempts <= TURNS)
    await ports.queue.send(binding, "yield").catch(() => undefined);
}

/** Doubling pauses under a ceiling, with jitter so that many bindings do not return at once. */
function pauseSeconds(
  { settings, random }: Pick<ConvergePorts, "settings" | "random">,
  attempts: number,
): number {
  const ceiling = Math.min(settings.retryCeilingSeconds, 2 ** attempts);
  return ceiling / 2 + (random.fraction() * ceiling) / 2;
}

/** When the next access has to go: at the next end, or now where something is left that should not be. */
function removalTime(pass: Pass): string | undefined {
  const { grants, held, now } = pass;
  const entitlements = entitlementsIn(pass);
  const ledger = held.current;
  const isLeft = excessTargets({ ledger, entitlements, reading: undefined }).length > 0;
  const ends = grants.open.flatMap(({ id, state, revokeAt }) =>
    state !== "ending" && revokeAt !== null && !ledger.begun[id]?.over ? revokeAt : [],
  );
  return earliest(isLeft ? [...ends, now] : ends);
}

/** A time that has passed proved nothing, or the pass would have concluded: once more, in a while. */
function nextConfirmations(pass: Pass): readonly string[] {
  const now = pass.ports.clock.now();
  const next = plusSeconds(now, pass.ports.settings.retryCeilingSeconds);
  return confirmationTimes(pass, now).map((at) => (at > now ? at : next));
}

function nextDriftCheck({ grants, now, ports }: Pass): string | null {
  const isLent = grants.open.some(({ state }) => state === "active");
  return isLent ? plusSeconds(now, ports.settings.driftCheckSeconds) : null;
}
