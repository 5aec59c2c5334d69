import { claimOf } from "../domain/claim.ts";
import { isUncertain, UNSURE } from "../domain/ledger.ts";
import { CallFailed } from "../ports/access-entries.ts";
import type { ConvergePorts } from "../ports/ports.ts";
import { type ConvergeRun, factsOf } from "./converge-run.ts";
import type { GrantBook } from "./grant-book.ts";
import type { Reconciled } from "./reconcile-entry.ts";

/**
 * After what was read back: takes down the timers of what is over, forgets targets that no grant
 * touches, and forgets the ledger with the last grant. Nothing is forgotten while a call of ours
 * may still take effect, nor while somebody else is changing one of the grants.
 */
export async function tidyBinding(
  ports: ConvergePorts,
  book: GrantBook,
  { ledger, readBack, readAt }: Pick<Reconciled, "ledger" | "readBack" | "readAt">,
  run: ConvergeRun,
): Promise<{ readonly unfinished: boolean }> {
  const quietly = async (what: string, disarm: () => Promise<void>): Promise<boolean> => {
    try {
      await disarm();
      return true;
    } catch (error) {
      if (!(error instanceof CallFailed)) throw error;
      run.log(`${what} not disarmed`, { binding: book.binding, ...factsOf(error) });
      return false;
    }
  };
  // One that stays fires into a binding with nothing to do, and deletes itself.
  for (const { id } of book.closed)
    await quietly("revocation", () => ports.schedules.disarmRevocation(id));
  const frozen = book.conflicted || !readBack || isUncertain(ledger, readAt);
  const touched = new Set(book.open.map((grant) => claimOf(grant, true).target));
  const over = (target: string) => !frozen && !touched.has(target);
  const fuses = { ...ledger.fuses };
  // A fuse is for what is lent: until a grant for later begins, there is nothing for it to take.
  const lent = new Set(
    book.open
      .filter(({ id }) => Object.hasOwn(ledger.deadlines, id))
      .map((grant) => claimOf(grant, true).target),
  );
  const spent = (target: string) => !lent.has(target);
  const idle = frozen ? [] : Object.keys(fuses).filter(spent);
  const known = idle.filter((target) => fuses[target] !== UNSURE);
  for (const target of known) fuses[target] = UNSURE;
  // One that was taken down while the ledger has its time would pass for armed.
  if (known.length > 0) await ports.ledgers.save({ ...ledger, fuses });
  for (const target of idle)
    if (await quietly("fuse", () => ports.schedules.disarmFuse(book.binding, target)))
      delete fuses[target];
  const left = Object.keys(fuses).some(spent);
  // An entry of ours that outlived its last grant is still to go, and the ledger knows that it is ours.
  if (book.open.length === 0 && !frozen && !left && !ledger.owned) {
    await ports.ledgers.remove(book.binding);
    return { unfinished: false };
  }
  const targets = Object.entries(ledger.targets).filter(([target]) => !over(target));
  const open = new Set(book.open.map(({ id }) => id));
  const deadlines = Object.entries(ledger.deadlines).filter(([id]) => frozen || open.has(id));
  await ports.ledgers.save({
    ...ledger,
    fuses,
    targets: Object.fromEntries(targets),
    deadlines: Object.fromEntries(deadlines),
  });
  return { unfinished: left || book.open.length === 0 };
}
