/** Reads a binding as it is stored. */
import { unaltered } from "../../domain/entries/believed-grants.ts";
import { isAsRecent } from "../../domain/entries/grant-basis.ts";
import type { Ledger } from "../../domain/entries/ledger.ts";
import type { BindingView } from "../../ports/binding-store.ts";
import type { ConvergePorts } from "../../ports/function-ports.ts";
import { allDone } from "./all-done.ts";
import { type LoadingCopy, loadCopy } from "./read-stops.ts";

/** A binding as it is stored. */
export interface StoredBinding {
  readonly ledger: Ledger | undefined;
  /** Whether the ledger is older than the revision that the head keeps. */
  readonly isBehind: boolean;
  readonly view: BindingView;
  readonly stops: LoadingCopy;
  /** Why the grants could not be read. The view then shows no grant, and all that the ledger has begun is over. */
  readonly unread?: { readonly failure: unknown };
}

/**
 * Reads the ledger and the grants at the same time. Where the grants cannot be read, the ledger is enough to remove what
 * is over.
 *
 * @throws the failure of a read, unless everything that the ledger has begun is over
 */
export async function readBinding(ports: ConvergePorts, binding: string): Promise<StoredBinding> {
  const stops = loadCopy(ports);
  const ledger = ports.ledgers.load(binding);
  const early = ports.bindings.view(binding);
  const [loaded] = await allDone([ledger, settled(early)]);
  try {
    return { ...(await readAgain(ports, loaded, await early)), stops };
  } catch (failure) {
    // A flood of reads can keep the table from answering, at the first read or at a later one.
    if (!isAllOver(loaded, ports.clock.now())) throw failure;
    const view = withoutGrants(loaded);
    return { ledger: loaded, isBehind: false, view, stops, unread: { failure } };
  }
}

const settled = (read: Promise<unknown>): Promise<void> =>
  read.then(
    () => undefined,
    () => undefined,
  );

/**
 * Reads grants again that are older than the ledger. Otherwise another run could begin a grant in between, and we would
 * mistake its access for the owner's.
 */
async function readAgain(
  ports: ConvergePorts,
  loaded: Ledger | undefined,
  early: BindingView,
): Promise<Pick<StoredBinding, "ledger" | "isBehind" | "view">> {
  // A ledger that was saved since then is not older, so it is loaded again after the head.
  const isAhead = isOlder(loaded, early);
  const ledger = isAhead ? await ports.ledgers.load(early.binding) : loaded;
  const isBehind = isAhead && isOlder(ledger, early);
  const isRecent = ledger === undefined || isAsRecent(ledger, early);
  const view = isRecent ? early : await ports.bindings.view(early.binding);
  return { ledger, isBehind, view: ledger ? await borneOut(ports, view, ledger) : view };
}

/** Whether something has begun, and all of it is over: an extension would have begun before. */
function isAllOver(ledger: Ledger | undefined, now: string): ledger is Ledger {
  const begun = Object.values(ledger?.begun ?? {});
  return begun.length > 0 && begun.every(({ over, revokeAt }) => over || revokeAt <= now);
}

const withoutGrants = ({ binding, revision }: Ledger): BindingView => ({
  binding,
  version: 0,
  ledgerRevision: revision,
  ledgerHolds: true,
  isWhole: true,
  grants: [],
  leftOut: [],
  broken: [],
  attempts: 0,
  reservedBytes: 0,
  dueAt: null,
  dueFor: "confirmation",
  removeAt: null,
  driftCheckAt: null,
});

/**
 * The view with only those grants that the ledger bears out. Where a partition holds too many records
 * to read, the grants that the ledger knows are read by their keys, and no other grant begins.
 */
async function borneOut(
  { bindings }: Pick<ConvergePorts, "bindings">,
  view: BindingView,
  ledger: Ledger,
): Promise<BindingView> {
  const { begun, failing } = ledger;
  const ids = [...Object.keys(begun), ...Object.keys(failing)];
  const read = view.isWhole ? view : await bindings.named(view.binding, ids);
  const { grants, leftOut } = unaltered(read.grants, ledger);
  return { ...view, grants, leftOut: [...read.leftOut, ...leftOut] };
}

const isOlder = (ledger: Ledger | undefined, view: BindingView): boolean =>
  view.ledgerHolds && (ledger?.revision ?? 0) < view.ledgerRevision;
