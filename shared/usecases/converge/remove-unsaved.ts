import { type BareRemoval, bareRemoval } from "../../domain/entries/bare-removal.ts";
import type { Ledger } from "../../domain/entries/ledger.ts";
import { LedgerConflict } from "../../ports/ledger-store.ts";
import { type CalledSteps, type StepOrder, takeSteps } from "./call-entry.ts";
import type { Pass } from "./pass.ts";

/**
 * Removes access although the ledger has no room for the intent. No other run knows of these calls, so each
 * of them only takes access away, as others do at any time, and carries nothing that could come back. What
 * the read and the ledger show of a baseline stays. Nothing ends by this: an end needs a save.
 *
 * The ledger is read once more, in place of the fence: a run that was overtaken makes no call. The save that
 * was refused has asked whose the message is.
 *
 * @param planned the ledger before the intent
 * @throws LedgerConflict when another run saved first; no call was made
 */
export async function removeUnsaved(
  pass: Pass,
  planned: Ledger,
  { steps, servedBy, leastMillis }: StepOrder,
): Promise<CalledSteps> {
  const { held, ports, run, binding } = pass;
  held.know(planned);
  const stored = await ports.ledgers.load(binding);
  if ((stored?.revision ?? 0) !== held.current.revision)
    throw new LedgerConflict("Another run saved the ledger. Nothing was called; load it again.");
  const bare = steps.map((step) => bareRemoval(planned, step));
  const left = bare.flatMap((each) => (each.kind === "needs-save" ? each.target : []));
  run.log("access removed without a save", { binding, left });
  return await takeSteps(pass, planned, {
    steps: bare.flatMap((each: BareRemoval) => (each.kind === "step" ? each.step : [])),
    servedBy,
    leastMillis,
  });
}
