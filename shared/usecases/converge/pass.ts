import type { Circuit } from "../../domain/clusters/circuit.ts";
import { isEmpty, type Ledger, openLedger } from "../../domain/entries/ledger.ts";
import type { AccessRequest, State } from "../../domain/requests/request.ts";
import type { Stopped } from "../../domain/stops/stops.ts";
import type { ClusterArn } from "../../domain/values/arn.ts";
import { clusterOf } from "../../domain/values/arn.ts";
import type { BindingView, ParkedFrom } from "../../ports/binding-store.ts";
import type { ConvergePorts } from "../../ports/function-ports.ts";
import { allDone } from "./all-done.ts";
import { BindingGrants } from "./binding-grants.ts";
import type { ConvergeRun } from "./converge-run.ts";
import { type EndingTickets, endingTickets } from "./ending-tickets.ts";
import { EntryClient } from "./entry-client.ts";
import { HeldLedger } from "./held-ledger.ts";
import { notedEnds } from "./noted-ends.ts";
import type { StoredBinding } from "./read-binding.ts";
import { readStops, UNKNOWN_STOPS } from "./read-stops.ts";
import type { RunJournal } from "./run-journal.ts";

/** The facts that earlier passes of the same run found. */
export interface EarlierPasses {
  /** The number of times that AWS refused to narrow a target, by target. */
  readonly narrowingRefused: ReadonlyMap<string, number>;
  /** Whether another run saved first. */
  readonly isOvertaken: boolean;
  /** The version up to which the record of a grant is older than its history, by id. */
  readonly outdated: ReadonlyMap<string, number>;
  /** Ids of grants that have not begun, and whose end people noted. */
  readonly noted: ReadonlySet<string>;
  /** Records whose step conflicted in the last pass, by id, with their version. */
  readonly conflicted: ReadonlyMap<string, number>;
  /** Records that no step can be stored for, by id, with their version. */
  readonly stuck: ReadonlyMap<string, number>;
}

export const FIRST_PASS: EarlierPasses = {
  narrowingRefused: new Map(),
  isOvertaken: false,
  outdated: new Map(),
  noted: new Set(),
  conflicted: new Map(),
  stuck: new Map(),
};

/** Everything that a pass works with. Each step names its part of it, and returns its facts. */
export interface Pass {
  readonly ports: ConvergePorts;
  readonly run: ConvergeRun;
  readonly binding: string;
  readonly clusterArn: string;
  /** The one instant that the pass works with: a grant that is over by then is over. */
  readonly now: string;
  readonly view: BindingView;
  readonly grants: BindingGrants;
  /** Whether the run still has its message. It asks the queue once. */
  readonly isHeld: () => Promise<boolean>;
  readonly held: HeldLedger;
  readonly entry: EntryClient;
  readonly journal: RunJournal;
  readonly earlier: EarlierPasses;
  /** Whether the ledger is older than the binding's head, so a table was restored. */
  readonly isBehind: boolean;
  /** Why the grants could not be read. The pass then only removes what is over. */
  readonly unread: StoredBinding["unread"];
  /** The cluster's circuit, loaded before its first call. */
  readonly circuit: Circuit;
  /** The stopped people; undefined if they are not known for sure. Then nothing is added. */
  readonly stopped: Stopped | undefined;
  /** Ids of grants whose end people noted. */
  readonly noted: ReadonlySet<string>;
  /** The people whose grants end; undefined if they could not be read. */
  readonly ending: Stopped | undefined;
  /** The tickets with which grants end, and the grants that end now since theirs is closed. */
  readonly tickets: EndingTickets;
}

/** The part of a pass that a step takes, and the ports that it may call. */
export type PartOf<
  Members extends Exclude<keyof Pass, "ports">,
  Ports extends keyof ConvergePorts = never,
> = Pick<Pass, Members> & { readonly ports: Pick<ConvergePorts, Ports> };

/** The part that a run has before it opens a pass. */
type PassOf = Pick<Pass, "binding" | "run" | "isHeld" | "journal" | "earlier">;

/**
 * Finds out the other facts that the pass starts from.
 *
 * @returns no pass if the binding has no grant and an empty ledger; the view without what is left out
 */
export async function openPass(
  ports: ConvergePorts,
  { binding, run, isHeld, journal, earlier }: PassOf,
  { ledger: stored, isBehind, view: read, stops, unread }: StoredBinding,
): Promise<{
  readonly from: ParkedFrom;
  readonly view: BindingView;
  readonly pass: Pass | undefined;
}> {
  const noted = new Set([...earlier.noted, ...(await notedEnds(ports, run, read, stored))]);
  const { outdated } = earlier;
  const view = await without(ports, read, { outdated, stuck: knownStuck(stored, earlier) });
  const subject = subjectOf(view, stored);
  const revision = stored?.revision ?? 0;
  // A head of nothing whose revision is ahead was forged, or its ledger was deleted: neither holds it in an index.
  const isAhead = isBehind || (!subject && view.ledgerRevision > revision);
  const behind = isAhead ? { behind: view.ledgerRevision } : {};
  const from = { version: view.version, ledgerRevision: revision, ...behind };
  if (!subject) return { from, view, pass: undefined };
  const ledger = stored ?? openLedger({ binding, ...subject });
  const { clusterArn, principalArn, cluster } = subject;
  const now = ports.clock.now();
  const grants = new BindingGrants(ports, view, ledger);
  const entry = new EntryClient(ports.entries, { cluster, principalArn }, (id) =>
    grants.sessionFor(id),
  );
  if (view.grants.some(({ state }) => state === "approved")) entry.prepareReads();
  const [circuit, known, tickets] = await allDone([
    ports.circuits.load(clusterArn),
    view.grants.some(({ state }) => GIVES.has(state))
      ? readStops(ports, run, stops)
      : UNKNOWN_STOPS,
    endingTickets({ ports, run, binding }, { grants: view.grants, ledger, now }),
  ]);
  const held = new HeldLedger(ledger, {
    store: ports.ledgers,
    basis: () => grants.basis,
    isHeld,
  });
  const opened = { ports, run, binding, isHeld, journal, earlier, clusterArn, now, view, grants };
  const ends = { noted, tickets, ...known };
  const pass: Pass = { ...opened, held, entry, isBehind, unread, circuit, ...ends };
  return { from, view, pass };
}

/**
 * The view without records that earlier passes found to be old ones, or stuck. People may have stored a step between two
 * reads, and a query may show a part of their transaction for a while. A read by the key shows all of it, so its
 * record takes their place.
 */
async function without(
  { bindings }: Pick<ConvergePorts, "bindings">,
  view: BindingView,
  { outdated, stuck }: Pick<EarlierPasses, "outdated" | "stuck">,
): Promise<BindingView> {
  const isStuck = ({ id, version }: AccessRequest) => stuck.get(id) === version;
  const isOld = (grant: AccessRequest) =>
    isStuck(grant) || (GIVES.has(grant.state) && grant.version <= (outdated.get(grant.id) ?? 0));
  const old = view.grants.filter(isOld).map(({ id }) => id);
  if (old.length === 0) return view;
  const { grants: read } = await bindings.named(view.binding, old);
  const now = new Map(read.filter((grant) => !isOld(grant)).map((grant) => [grant.id, grant]));
  const leftOut = read
    .filter(isOld)
    .map((grant) => ({ id: grant.id, why: isStuck(grant) ? "stuck" : "outdated" }) as const);
  return {
    ...view,
    grants: view.grants.flatMap((grant) => (isOld(grant) ? (now.get(grant.id) ?? []) : grant)),
    leftOut: [...view.leftOut, ...leftOut],
  };
}

/** States in which a grant may get access, or keep it. */
const GIVES: ReadonlySet<State> = new Set(["approved", "active"]);

/** The entry's cluster and principal, by the ledger or, if that is empty, by the binding's grants. */
function subjectOf(
  { grants: [grant] }: BindingView,
  stored: Ledger | undefined,
): (Pick<Ledger, "clusterArn" | "principalArn"> & { readonly cluster: ClusterArn }) | undefined {
  const known = stored && !isEmpty(stored) ? stored : undefined;
  const clusterArn = known?.clusterArn ?? grant?.cluster.arn;
  const principalArn = known?.principalArn ?? grant?.principalArn;
  if (clusterArn === undefined || principalArn === undefined) return undefined;
  return { clusterArn, principalArn, cluster: clusterOf(clusterArn) };
}

/** Milliseconds left for work, without the reserve for storing results. */
export const workMillis = ({ run, ports }: PartOf<"run", "settings">): number =>
  run.millisLeft() - ports.settings.reserveSeconds * 1_000;

/** The records that the ledger already knows as stuck, and those that earlier passes of the run found. */
const knownStuck = (
  ledger: Ledger | undefined,
  { stuck }: Pick<EarlierPasses, "stuck">,
): ReadonlyMap<string, number> => new Map([...Object.entries(ledger?.stuck ?? {}), ...stuck]);
