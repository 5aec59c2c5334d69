import { reservedBytes } from "../../domain/entries/bounds.ts";
import { isEmpty } from "../../domain/entries/ledger.ts";
import { startOf } from "../../domain/requests/grant-time.ts";
import type { AccessRequest } from "../../domain/requests/request.ts";
import { earliest, plusSeconds } from "../../domain/values/instant.ts";
import {
  type BindingView,
  IN_TURN,
  type NextTimes,
  type ParkedFrom,
} from "../../ports/binding-store.ts";
import type { ConvergePorts } from "../../ports/function-ports.ts";
import { armRetry } from "./arm-retry.ts";
import { appearanceTimes, confirmationTimes } from "./confirmations.ts";
import type { Need } from "./need.ts";
import type { PartOf } from "./pass.ts";
import { isLeft, type Snapshot, snapshotOf } from "./snapshot.ts";

/** The result of a pass: the work that is left, and its times. */
export interface PassResult {
  readonly need: Need;
  /** The entry was not read, so the work is the same as before. */
  readonly isEntryUnread: boolean;
  /** Times to look again, besides those that follow from the grants and the ledger. */
  readonly wakeAt: readonly string[];
}

/** The part of a pass that parks its binding. */
type Parker = PartOf<
  "binding" | "clusterArn" | "view" | "isBehind" | "entry",
  "bindings" | "queue" | "random"
> &
  Parameters<typeof armRetry>[0];

/**
 * The number of times in a row that a binding re-enters the queue by itself; after that the sweep sends it. Lambda
 * treats a function that sends itself 16 messages in a row as a loop.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html
 */
const TURNS = 8;

/**
 * Stores when to take up the binding again. A time that came during the pass was not handled by it, so it is due at
 * once. A binding with anything open is always due at some time.
 *
 * A drift check that could not read the entry stays a drift check. Otherwise every lent grant on a cluster that
 * does not answer would become work and delay ends.
 */
export async function parkBinding(pass: Parker, result: PassResult): Promise<void> {
  const { ports, view, binding } = pass;
  const { next, isOnlyDriftCheck } = nextTimes(pass, result);
  const from = parkedFrom(pass);
  await armRetry(pass);
  if (!isParkedSo(view, from, next)) await ports.bindings.park(binding, from, next);
  // If sending fails, the binding is still due.
  if (result.need === "yield" && !isOnlyDriftCheck && next.attempts <= TURNS)
    await ports.queue.send(binding, "yield").catch(() => undefined);
}

function nextTimes({ ports, view, grants, held, now }: Parker, result: PassResult) {
  const known = snapshotOf({ grants, held, now });
  const { open } = known;
  const isUnfinished = result.need !== "settled";
  const attempts = isUnfinished ? view.attempts + 1 : 0;
  const retry = isUnfinished ? retryTimes(ports, known, attempts) : [];
  const own = open.flatMap((grant) =>
    [startOf(grant), grant.revokeAt].filter((at) => at !== null && at > now),
  ) as readonly string[];
  const hasNoRetry = view.dueAt === null || own.includes(view.dueAt);
  const isOnlyDriftCheck = result.isEntryUnread && hasNoRetry && grants.stepsStored === 0;
  // Without a grant and anything in the ledger, nothing is left to look at again.
  const isNothingLeft = open.length === 0 && isEmpty(held.current);
  const soon = [...retry, ...(isNothingLeft ? [] : result.wakeAt)];
  const confirmations = nextConfirmations(known, ports);
  const work = [...own, ...confirmations, ...(isOnlyDriftCheck ? [] : soon)];
  const dueAt = earliest(work) ?? null;
  const next: NextTimes = {
    dueAt,
    dueFor: isConfirming(known, confirmations, dueAt) ? "confirmation" : "addition",
    removeAt: removalTime(known) ?? null,
    driftCheckAt: isOnlyDriftCheck ? (earliest(soon) ?? null) : whileLent(open),
    attempts,
    reservedBytes: reservedBytes(open),
  };
  return { next, isOnlyDriftCheck };
}

function parkedFrom({ view, grants, held, isBehind, clusterArn, entry }: Parker): ParkedFrom {
  const { principalArn } = entry.address;
  return {
    version: view.version + grants.stepsStored,
    ledgerRevision: held.current.revision,
    ledgerHolds: !isEmpty(held.current),
    ...(isBehind && held.isSaved ? { behind: view.ledgerRevision } : {}),
    ...(view.version === 0 ? { address: { clusterArn, principalArn } } : {}),
  };
}

/** After a pause, and where a read must show an addition sooner, then. */
function retryTimes(
  ports: Pick<ConvergePorts, "clock" | "settings" | "random">,
  known: Snapshot,
  attempts: number,
): readonly string[] {
  const now = ports.clock.now();
  return [plusSeconds(now, pauseSeconds(ports, attempts)), ...appearanceTimes(known, now)];
}

/** Pauses that double up to a ceiling, with jitter so that many bindings do not return at once. */
function pauseSeconds(
  { settings, random }: Pick<ConvergePorts, "settings" | "random">,
  attempts: number,
): number {
  const ceiling = Math.min(settings.retryCeilingSeconds, 2 ** attempts);
  return ceiling / 2 + (random.fraction() * ceiling) / 2;
}

/** The time at which access must go next: the next end, or now if something is left that should be gone. */
function removalTime(known: Snapshot): string | undefined {
  const { open, ledger, now } = known;
  const ends = open.flatMap(({ id, state, revokeAt }) =>
    state !== "ending" && revokeAt !== null && !ledger.begun[id]?.over ? revokeAt : [],
  );
  return earliest(isLeft(known) ? [...ends, now] : ends);
}

/** A time in the past proved nothing, or the pass would have concluded. Try again after a pause. */
function nextConfirmations(
  known: Snapshot,
  { clock, settings }: Pick<ConvergePorts, "clock" | "settings">,
): readonly string[] {
  const now = clock.now();
  const next = plusSeconds(now, settings.retryCeilingSeconds);
  return confirmationTimes(known, now, settings).map((at) => (at > now ? at : next));
}

/** A read that failed is retried before the confirmation's own time, and serves nothing else. */
function isConfirming(
  { entitlements }: Snapshot,
  confirmations: readonly string[],
  dueAt: string | null,
): boolean {
  if (dueAt === null || confirmations.length === 0) return false;
  return confirmations.includes(dueAt) || entitlements.every(({ isOver }) => isOver);
}

const whileLent = (open: readonly AccessRequest[]): typeof IN_TURN | null =>
  open.some(({ state }) => state === "active") ? IN_TURN : null;

/**
 * Whether the binding was parked for the same when it was read, under the same ledger. Nothing is written then:
 * most runs are drift checks that find everything in place. The revision must be there, since it keeps runs with an
 * earlier ledger out.
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
