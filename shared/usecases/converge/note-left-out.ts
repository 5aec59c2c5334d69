import type { Ledger } from "../../domain/entries/ledger.ts";
import { hashOf } from "../../domain/values/canonical-json.ts";
import { setOf } from "../../domain/values/element-set.ts";
import type { BindingView } from "../../ports/binding-store.ts";
import type { ConvergeRun } from "./converge-run.ts";
import type { Learned } from "./learn.ts";

/** The most records that a finding names, and attributes that a line of the log names. */
export const MOST_NAMED = 10;

/**
 * Finds that the requests table holds records of a binding that are left out. The ledger keeps a hash of their
 * names, so that the histories do not grow with every run.
 *
 * @returns undefined if the ledger has the same ones already
 */
export function noteLeftOut(
  view: BindingView,
  { leftOut: before, ...ledger }: Ledger,
  { log }: Pick<ConvergeRun, "log">,
): Learned | undefined {
  const named = setOf(view.leftOut.map(({ id, why }) => `${id}: ${why}`));
  const leftOut = named.length === 0 ? undefined : hashOf(named);
  if (leftOut === before) return undefined;
  if (leftOut === undefined) return { ledger };
  const found = named.slice(0, MOST_NAMED);
  log("records left out", { binding: view.binding, count: named.length, found });
  return { ledger: { ...ledger, leftOut }, findings: [{ code: "record-left-out", found }] };
}
