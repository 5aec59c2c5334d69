import { type Entitlement, entitlementOf } from "../../domain/entries/entitlement.ts";
import { isEmpty, type Ledger, openLedger } from "../../domain/entries/ledger.ts";
import type { Finding } from "../../domain/requests/evidence.ts";
import type { State } from "../../domain/requests/request.ts";
import type { Stopped } from "../../domain/stops/stops.ts";
import type { ClusterArn } from "../../domain/values/arn.ts";
import { clusterOf } from "../../domain/values/arn.ts";
import type { EntryAddress } from "../../ports/access-entries.ts";
import type { BindingView, ParkedFrom } from "../../ports/binding-store.ts";
import type { ConvergePorts } from "../../ports/function-ports.ts";
import { BindingGrants } from "./binding-grants.ts";
import type { ConvergeRun } from "./converge-run.ts";
import { HeldLedger } from "./held-ledger.ts";
import { readStops } from "./read-stops.ts";
import type { RunJournal } from "./run-journal.ts";

/** What earlier passes of the same run found. */
export interface EarlierPasses {
  /** By target: how many times AWS refused to narrow it. */
  readonly narrowingRefused: ReadonlyMap<string, number>;
}

export const FIRST_PASS: EarlierPasses = {
  narrowingRefused: new Map(),
};

/** What the steps of one pass share. They return what they find out. */
export interface Pass {
  readonly ports: ConvergePorts;
  readonly run: ConvergeRun;
  readonly binding: string;
  readonly address: EntryAddress;
  readonly clusterArn: string;
  /** The one instant that the pass works with: a grant that is over by then is over. */
  readonly now: string;
  readonly view: BindingView;
  readonly grants: BindingGrants;
  readonly held: HeldLedger;
  readonly journal: RunJournal;
  readonly earlier: EarlierPasses;
  /** Who is stopped; undefined where that could not be read. Then nothing is added. */
  readonly stopped: Stopped | undefined;
}

/** The entitlement of every open grant, according to the current ledger. */
export const entitlementsIn = ({ grants, held, now }: Pass): readonly Entitlement[] =>
  grants.open.map((grant) => entitlementOf(grant, held.current, now));

/** Records changes by others for each open grant on the target concerned. */
export function noteFindings(pass: Pass, findings: readonly Finding[]): void {
  for (const finding of findings)
    for (const { grantId, target } of entitlementsIn(pass))
      if (finding.target === undefined || finding.target === target)
        pass.journal.found(finding, grantId);
}

/**
 * Reads the desired state. The ledger is loaded before the grants. Otherwise another run could
 * begin a grant in between, and we would mistake its access for the owner's.
 *
 * @returns no pass if the binding has no grant and an empty ledger
 */
export async function openPass(
  ports: ConvergePorts,
  binding: string,
  run: ConvergeRun,
  journal: RunJournal,
  earlier: EarlierPasses,
): Promise<{ readonly from: ParkedFrom; readonly pass: Pass | undefined }> {
  const stored = await ports.ledgers.load(binding);
  const view = await ports.bindings.view(binding);
  const from = { version: view.version, ledgerRevision: stored?.revision ?? 0 };
  const subject = subjectOf(view, stored);
  if (!subject) return { from, pass: undefined };
  const ledger = stored ?? openLedger({ binding, ...subject });
  const { clusterArn, principalArn, cluster } = subject;
  const pass: Pass = {
    ports,
    run,
    binding,
    address: { cluster, principalArn },
    clusterArn,
    now: ports.clock.now(),
    view,
    grants: new BindingGrants(ports, view, ledger),
    held: new HeldLedger(ports.ledgers, ledger),
    journal,
    earlier,
    stopped: view.grants.some(({ state }) => GIVES.has(state))
      ? await readStops(ports, run)
      : undefined,
  };
  return { from, pass };
}

/** States in which a grant may get access, or keep it. */
const GIVES: ReadonlySet<State> = new Set(["approved", "active"]);

/** Whose entry this is, according to the grants or, if there are none, to the ledger. */
function subjectOf(
  view: BindingView,
  stored: Ledger | undefined,
): (Pick<Ledger, "clusterArn" | "principalArn"> & { readonly cluster: ClusterArn }) | undefined {
  const [grant] = view.grants;
  const of = grant
    ? { clusterArn: grant.cluster.arn, principalArn: grant.principalArn }
    : stored &&
      !isEmpty(stored) && { clusterArn: stored.clusterArn, principalArn: stored.principalArn };
  return of ? { ...of, cluster: clusterOf(of.clusterArn) } : undefined;
}

/** Milliseconds left for work, without the reserve for storing results. */
export const workMillis = ({ run, ports }: Pick<Pass, "run" | "ports">): number =>
  run.millisLeft() - ports.settings.reserveSeconds * 1_000;
