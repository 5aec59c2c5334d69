/** Records fuses in the ledger before they are created, each under a name that is used only once. */
import type { Entitlement } from "../../domain/entries/entitlement.ts";
import { type FuseTime, mayName, wantedFuses, withoutFuses } from "../../domain/entries/fuses.ts";
import { landedBy } from "../../domain/entries/lag.ts";
import type { Fuse, Ledger } from "../../domain/entries/ledger.ts";
import type { Settings } from "../../domain/settings.ts";
import { sha256 } from "../../domain/values/canonical-json.ts";
import { plusSeconds } from "../../domain/values/instant.ts";
import { allDone } from "./all-done.ts";
import type { HeldLedger } from "./held-ledger.ts";
import type { PartOf, Pass } from "./pass.ts";
import { type Snapshot, snapshotOf } from "./snapshot.ts";
import { storeFuseIntent } from "./store-intents.ts";

/**
 * The most timers that one run arms. The rest waits for the next run; no removal waits for them.
 */
export const ARMS_A_RUN = 10;

/** Fuses that the ledger has recorded, and nobody has armed yet. */
export interface OrderedFuses {
  readonly ledger: Ledger;
  readonly orders: readonly Fuse[];
}

/** Fuses that were recorded before the entry was read. */
export interface EarlyFuses {
  readonly orders: readonly Fuse[];
  /** The grants whose fuses are evidence now; empty if that could not be stored. Never fails. */
  readonly evidence: Promise<ReadonlySet<string>>;
}

export const NOT_EARLY: EarlyFuses = { orders: [], evidence: Promise.resolve(new Set()) };

/** The part of a pass that names fuses. */
type Namer = PartOf<
  "run" | "binding" | "clusterArn" | "entry" | "held" | "grants" | "now",
  "clock" | "evidence" | "ids" | "settings"
>;

/**
 * Records the fuses of grants that begin while the entry is read, as they are wanted where nobody
 * else uses it. Whether they are wanted is known after the read: `orderFuses` drops the others. Only
 * in the first of several attempts, and in no run that was overtaken: runs that save early in every pass
 * would overtake each other until both give up. Evidence that cannot be stored now is stored with the orders.
 *
 * @throws LedgerConflict when another run saved first
 */
export async function orderEarly(
  pass: Namer & Pick<Pass, "view" | "stopped" | "earlier">,
): Promise<EarlyFuses> {
  const { held, now, view, stopped, earlier } = pass;
  const known = snapshotOf(pass);
  const beginning = known.open
    .filter((_grant, at) => isBeginning(known.entitlements[at]))
    .slice(0, ARMS_A_RUN);
  if (beginning.length === 0 || view.attempts > 0 || earlier.isOvertaken || !stopped)
    return NOT_EARLY;
  const ids = beginning.map(({ id }) => id);
  const wanted = fusesFor(known, ids, { entry: undefined, begunAt: now }, pass.ports.settings);
  const orders = newOrders(pass, known.ledger, wanted);
  if (orders.length === 0) return NOT_EARLY;
  const evidence = storeFuseIntent(pass, ids).then(
    () => new Set(ids),
    () => new Set<string>(),
  );
  await held.save({ ...held.current, fuses: [...held.current.fuses, ...orders] });
  return { orders, evidence };
}

const isBeginning = (own: Entitlement | undefined): boolean =>
  own?.isLive === true && !own.hasBegun;

/**
 * The times at which fuses of access that is lent, or about to be, should fire.
 *
 * @param beginning ids of grants that are about to begin
 */
export function fusesFor(
  { ledger, open, entitlements }: Snapshot,
  beginning: readonly string[],
  reading: Parameters<typeof wantedFuses>[2],
  { fuseDelaySeconds }: Settings,
): readonly FuseTime[] {
  const ids = new Set(beginning);
  const live = open.flatMap((grant, at) => {
    const own = entitlements[at];
    const isLent = own?.hasBegun && !own.isOver;
    return own && (isLent || ids.has(grant.id)) ? [[grant, own] as const] : [];
  });
  return wantedFuses(ledger, live, reading, fuseDelaySeconds);
}

/** The fuses that are needed, and those that were recorded early. */
interface Wanted {
  /** Ids of grants that are about to begin. */
  readonly beginning: readonly string[];
  readonly wanted: readonly FuseTime[];
  readonly early: EarlyFuses;
}

/**
 * Takes the early orders that are wanted, and records the orders that are missing. Also stores evidence of the
 * fuses.
 *
 * @throws LedgerConflict when another run saved first
 */
export async function orderFuses(
  pass: Namer,
  planned: Ledger,
  { beginning, wanted, early }: Wanted,
): Promise<OrderedFuses> {
  const { held } = pass;
  const taken = early.orders.filter((order) => wanted.some((each) => isSame(order, each)));
  const missing = wanted.filter((each) => !taken.some((order) => isSame(order, each)));
  const more = newOrders(pass, planned, missing);
  const kept = withoutOrders(
    planned,
    early.orders.filter((order) => !taken.includes(order)),
  );
  const ledger = { ...kept, fuses: [...kept.fuses, ...more] };
  const stored = await early.evidence;
  await allDone([
    more.length > 0 ? held.save(ledger) : undefined,
    storeFuseIntent(
      pass,
      beginning.filter((id) => !stored.has(id)),
    ),
  ]);
  return {
    ledger: { ...ledger, revision: held.current.revision },
    orders: [...taken, ...more].slice(0, ARMS_A_RUN),
  };
}

/** Forgets early orders that nobody has sent. */
export function dropEarly(held: HeldLedger, { orders }: EarlyFuses): void {
  if (orders.length > 0) held.know(withoutOrders(held.current, orders));
}

const withoutOrders = (ledger: Ledger, orders: readonly Fuse[]): Ledger =>
  withoutFuses(ledger, new Set(orders.map(({ name }) => name)));

const isSame = (fuse: Fuse, { target, at }: FuseTime) => fuse.target === target && fuse.at === at;

const newOrders = (
  namer: Pick<Namer, "ports" | "binding" | "run">,
  planned: Ledger,
  wanted: readonly FuseTime[],
): readonly Fuse[] =>
  wanted
    .filter((each) => mayName(planned, each, namer.ports.clock.now()))
    .slice(0, ARMS_A_RUN)
    .map((each) => orderOf(namer, each));

/** A new name for every fuse, so that a late deletion cannot hit a fuse that was armed since. */
function orderOf(
  { ports, binding, run }: Pick<Namer, "ports" | "binding" | "run">,
  { target, at }: FuseTime,
): Fuse {
  const name = `f-${sha256(`${binding}${target}${ports.ids.newToken()}`).slice(0, 40)}`;
  const runEnd = plusSeconds(ports.clock.now(), run.millisLeft() / 1_000);
  return { name, target, at, sure: false, landsUntil: landedBy(runEnd, ports.settings) };
}
