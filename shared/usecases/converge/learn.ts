/** The one place that takes over facts of the steps. */
import { withUnsure } from "../../domain/entries/fuses.ts";
import type { Ledger } from "../../domain/entries/ledger.ts";
import type { EntryFinding } from "../../domain/requests/evidence.ts";
import { LedgerTooLarge } from "../../ports/ledger-store.ts";
import type { Pass } from "./pass.ts";
import { snapshotOf } from "./snapshot.ts";

/** The facts that a step has found out. */
export interface Learned {
  /** The ledger with it. */
  readonly ledger: Ledger;
  /** Changes by others; empty by default. */
  readonly findings?: readonly EntryFinding[];
}

type Learner = Pick<Pass, "grants" | "held" | "now" | "journal">;

/** Takes over the facts of a step, if there are any. Nothing is stored here. */
export function learn(pass: Learner, learned: Learned | undefined): void {
  if (!learned) return;
  pass.held.know(learned.ledger);
  note(pass, learned.findings ?? []);
}

/** Notes changes by others for each open grant on the target concerned. */
function note(pass: Learner, findings: readonly EntryFinding[]): void {
  for (const finding of findings)
    for (const { grantId, target } of snapshotOf(pass).entitlements)
      if (finding.target === undefined || finding.target === target)
        pass.journal.found(finding, grantId);
}

/**
 * From now on nothing is added, until the ledger knows. No fuse counts as armed: a run that this ledger does not know of
 * may have deleted it. The findings are noted once the save has proven the doubt.
 * Without room for the save, this pass goes on: its removal must not wait.
 *
 * @throws LedgerConflict when another run saved first
 */
export async function doubt(
  pass: Learner & Pick<Pass, "run" | "binding">,
  findings: readonly EntryFinding[],
): Promise<void> {
  const { held, now, run, binding } = pass;
  try {
    const names = held.current.fuses.map(({ name }) => name);
    await held.save({ ...withUnsure(held.current, new Set(names)), unsureSince: now });
  } catch (error) {
    if (!(error instanceof LedgerTooLarge)) throw error;
    run.log("doubt not saved", { binding });
    return;
  }
  note(pass, findings);
}

/**
 * Saves the ledger that the findings changed, before they are recorded. If another run saved since the ledger was
 * loaded, the findings may be that run's own changes, and the save is refused.
 *
 * @throws LedgerConflict when another run saved first
 */
export async function proveFindings({
  held,
  journal,
}: Pick<Pass, "held" | "journal">): Promise<void> {
  if (!journal.hasUnproven) return;
  await held.saveIfChanged();
  journal.proven();
}
