import { reservedBytes } from "../../domain/entries/bounds.ts";
import { isEmpty } from "../../domain/entries/ledger.ts";
import { startOf } from "../../domain/requests/grant-time.ts";
import { earliest, plusSeconds } from "../../domain/values/instant.ts";
import {
  type BindingView,
  IN_TURN,
  type NextTimes,
  type ParkedFrom,
} from "../../ports/binding-store.ts";
import type { ConvergePorts } from "../../ports/function-ports.ts";
import { armRetry } from "./arm-retry.ts";
import { confirmationTimes } from "./confirmations.ts";
import type { Need } from "./need.ts";
import { entitlementsIn, type Pass } from "./pass.ts";
import { isLeft, snapshotOf } from "./snapshot.ts";

/** The result of a pass: what is left to do, and when. */
export interface PassResult {
  readonly need: Need;
  /** The entry was not read, so the work is the same as before. */
  readonly isEntryUnread: boolean;
  /** Times to look again, besides those that follow from the grants and the ledger. */
  readonly wakeAt: readonly string[];
}

/**
 * How many times in a row a binding re-enters the queue by itself; after that the sweep sends it.
 * Lambda treats a function that sends itself 16 messages in a row as a loop.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html
 */
const TURNS = 8;

/**
 * Stores when to take up the binding again. A time that came during the pass was not handled by it,
 * so it is due at once. A binding with anything open is always due at some time.
 *
 * A drift check that could not read the entry stays a drift check. Otherwise every lent grant on a
 * cluster that does not answer would become work and delay ends.
 */
export async function parkBinding(pass: Pass, result: PassResult): Promise<void> {
  const { ports, view, grants, held, binding, now } = pass;
  const { principalArn } = pass.entry.address;
  const isUnfinished = result.need !== "settled";
  const attempts = isUnfinished ? view.attempts + 1 : 0;
  const retry = isUnfinished ? [plusSeconds(ports.clock.now(), pauseSeconds(ports, attempts))] : [];
  const own = grants.open.flatMap((grant) =>
    [startOf(grant), grant.revokeAt].filter((at) => at !== null && at > now),
  ) as readonly string[];
  const hasNoRetry = view.dueAt === null || own.includes(view.dueAt);
  const isOnlyDriftCheck = result.isEntryUnread && hasNoRetry && grants.stepsStored === 0;
  const soon = [...retry, ...result.wakeAt];
  const confirmations = nextConfirmations(pass);
  const work = [...own, ...confirmations, ...(isOnlyDriftCheck ? [] : soon)];
  const dueAt = earliest(work) ?? null;
  const next: NextTimes = {
    dueAt,
    dueFor: isConfirming(pass, confirmations, dueAt) ? "confirmation" : "addition",
    removeAt: removalTime(pass) ?? null,
    driftCheckAt: isOnlyDriftCheck ? (earliest(soon) ?? null) : whileLent(pass),
    attempts,
    reservedBytes: reservedBytes(grants.open),
  };
  const from: ParkedFrom = {
    version: view.version + grants.stepsStored,
    ledgerRevision: held.current.revision,
    ledgerHolds: !isEmpty(held.current),
    ...(pass.isBehind && held.isSaved ? { behind: view.ledgerRevision } : {}),
    ...(view.version === 0 ? { of: { clusterArn: pass.clusterArn, principalArn } } : {}),
  };
  await armRetry(pass);
  if (!isParkedSo(view, from, next)) await ports.bindings.park(binding, from, next);
  // If sending fails, the binding is still due.
  if (result.need === "yield" && !isOnlyDriftCheck && attempts <= TURNS)
    await ports.queue.send(binding, "yield").catch(() => undefined);
}

/** Pauses that double up to a ceiling, with jitter so that many bindings do not return at once. */
function pauseSeconds(
  { settings, random }: Pick<ConvergePorts, "settings" | "random">,
  attempts: number,
): number {
  const ceiling = Math.min(settings.retryCeilingSeconds, 2 ** attempts);
  return ceiling / 2 + (random.fraction() * ceiling) / 2;
}

/** When access must go next: at the next end, or now if something is left that should be gone. */
function removalTime(pass: Pass): string | undefined {
  const { grants, held, now } = pass;
  const ledger = held.current;
  const ends = grants.open.flatMap(({ id, state, revokeAt }) =>
    state !== "ending" && revokeAt !== null && !ledger.begun[id]?.over ? revokeAt : [],
  );
  return earliest(isLeft(snapshotOf(pass)) ? [...ends, now] : ends);
}

/** A time in the past proved nothing, or the pass would have concluded. Try again after a pause. */
function nextConfirmations(pass: Pass): readonly string[] {
  const now = pass.ports.clock.now();
  const next = plusSeconds(now, pass.ports.settings.retryCeilingSeconds);
  return confirmationTimes(pass, now).map((at) => (at > now ? at : next));
}

/** A read that failed is retried before the confirmation's own time, and serves nothing else. */
function isConfirming(pass: Pass, confirmations: readonly string[], dueAt: string | null): boolean {
  if (dueAt === null || confirmations.length === 0) return false;
  return confirmations.includes(dueAt) || entitlementsIn(pass).every(({ isOver }) => isOver);
}

const whileLent = ({ grants }: Pass): typeof IN_TURN | null =>
  grants.open.some(({ state }) => state === "active") ? IN_TURN : null;

/**
 * Whether the binding was parked for the same when it was read, under the same ledger. Nothing is written then: most
 * runs check for drift and find none. The revision must be there, since it keeps runs with an earlier ledger out.
 */
export function isParkedSo(view: BindingView, from: ParkedFrom, next: NextTimes): boolean {
  const { version, ledgerRevision, ledgerHolds = false } = from;
  const names = Object.keys(next) as (keyof NextTimes)[];
  return (
    view.version === version &&
    view.ledgerRevision === ledgerRevision &&
    view.ledgerHolds === ledgerHolds &&
    names.every((name) => view[name] === next[name])
  );
}
