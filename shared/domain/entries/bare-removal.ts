/** Removals that are made although no save announces them. Pure. */
import { EMPTY } from "../values/element-set.ts";
import { baselineOf } from "./knowledge.ts";
import type { Ledger } from "./ledger.ts";
import { carriedBy, type EntryStep, stepTo, targetOf } from "./step.ts";

/** The outcome of a planned removal that goes without a save. */
export type BareRemoval =
  | { readonly kind: "step"; readonly step: EntryStep }
  /** Its target holds what its owner added, which only a call that carries it can leave there. */
  | { readonly kind: "needs-save"; readonly target: string };

/**
 * The call in place of a removal that no save announces. It carries nothing: a call that lands late
 * then gives nothing back. Where all on a target is ours, all of it goes, also access that is still
 * lent. The next run with room adds that again.
 */
export function bareRemoval(ledger: Ledger, step: EntryStep): BareRemoval {
  const target = targetOf(step);
  if (target === undefined || carriedBy(step).length === 0) return { kind: "step", step };
  if (baselineOf(ledger, target).length > 0) return { kind: "needs-save", target };
  const username = step.kind === "update-groups" ? step.username : null;
  return { kind: "step", step: stepTo(target, EMPTY, username) };
}
