import type { Finding } from "../../domain/entries/actual-entry.ts";
import { type Entitlement, entitlementOf } from "../../domain/entries/entitlement.ts";
import { isEmpty, type Ledger, openLedger } from "../../domain/entries/ledger.ts";
import type { ClusterArn } from "../../domain/values/arn.ts";
import { clusterOf } from "../../domain/values/arn.ts";
import type { EntryAddress } from "../../ports/access-entries.ts";
import type { BindingView, ParkedFrom } from "../../ports/binding-store.ts";
import type { ConvergePorts } from "../../ports/function-ports.ts";
import { BindingGrants } from "./binding-grants.ts";
import type { ConvergeRun } from "./converge-run.ts";
import { HeldLedger } from "./held-ledger.ts";
import type { RunJournal } from "./run-journal.ts";

/** What one pass leaves to the next of the same run. */
export interface PassMemory {
  /** By target, how often AWS refused to narrow it. */
  readonly narrowingRefused: ReadonlyMap<string, number>;
}

export const NOTHING_BEFORE: PassMemory = {
  narrowingRefused: new Map(),
};

/** Everything that the steps of one pass share. What they find out, they return. */
export interface Pass {
  readonly ports: ConvergePorts;
  readonly run: ConvergeRun;
  readonly binding: string;
  readonly address: EntryAddress;
  readonly clusterArn: string;
  /** The one instant that the pass is about: what is over by then is over. */
  readonly now: string;
  readonly view: BindingView;
  readonly grants: BindingGrants;
  readonly held: HeldLedger;
  readonly journal: RunJournal;
  readonly memory: PassMemory;
}

/** What every open grant makes of the entry, by what the ledger knows now. */
export const entitlementsIn = ({ grants, held, now }: Pass): readonly Entitlement[] =>
  grants.open.map((grant) => entitlementOf(grant, held.current, now));

/** Notes what others did for each open grant whose target it concerns. */
export function noteFindings(pass: Pass, findings: readonly Finding[]): void {
  for (const finding of findings)
    for (const { grantId, target } of entitlementsIn(pass))
      if (finding.target === undefined || finding.target === target)
        pass.journal.found(finding, grantId);
}

/**
 * Reads what should be. The ledger is loaded before the grants: grants that were read first could
 * lack the one that another run begins in between, and its access would pass for the owner's.
 *
 * @returns no pass where there is no grant, and nothing in the ledger
 */
export async function openPass(
  ports: ConvergePorts,
  binding: string,
  run: ConvergeRun,
  journal: RunJournal,
  memory: PassMemory,
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
    memory,
  };
  return { from, pass };
}

/** Whose entry this is, from the grants or, where none is left, from what the ledger still holds. */
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

/** Milliseconds that are left for work; what has to be stored afterwards is not in it. */
export const workMillis = ({ run, ports }: Pick<Pass, "run" | "ports">): number =>
  run.millisLeft() - ports.settings.reserveSeconds * 1_000;
