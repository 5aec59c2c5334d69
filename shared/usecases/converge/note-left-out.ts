import type { Ledger } from "../../domain/entries/ledger.ts";
import { hashOf } from "../../domain/values/canonical-json.ts";
import { setOf } from "../../domain/values/element-set.ts";
import type { BindingView } from "../../ports/binding-store.ts";
import type { Learned } from "./learn.ts";
import type { Pass } from "./pass.ts";

/** The most records that a finding names, and attributes that a line of the log names. */
export const MOST_NAMED = 10;

/**
 * Finds that the requests table holds records of a binding that are left out. The ledger keeps a hash of their
 * names, so that the histories do not grow with every run. It keeps those that are stuck after they began, or the next
 * run would take them for grants that the ledger forgot.
 *
 * @returns no finding if the ledger has the same ones already
 */
export function noteLeftOut({ view, held, earlier, run }: NoteTaker): Learned {
  const { leftOut: before, stuck: _, ...rest } = held.current;
  const named = setOf(view.leftOut.map(({ id, why }) => `${id}: ${why}`));
  const stuck = stuckAfterBegin(view, held.current, earlier);
  const ledger = { ...rest, ...(stuck.length > 0 ? { stuck: Object.fromEntries(stuck) } : {}) };
  if (named.length === 0) return { ledger };
  const leftOut = hashOf(named);
  if (leftOut === before) return { ledger: { ...ledger, leftOut } };
  const found = named.slice(0, MOST_NAMED);
  run.log("records left out", { binding: view.binding, count: named.length, found });
  return { ledger: { ...ledger, leftOut }, findings: [{ code: "record-left-out", found }] };
}

/** The part of a pass that notes what it leaves out. */
type NoteTaker = Pick<Pass, "view" | "held" | "earlier" | "run">;

/** The records that are left out as stuck and had begun, as ids and versions. */
const stuckAfterBegin = (
  { leftOut }: BindingView,
  { begun, stuck: known = {} }: Ledger,
  { stuck }: NoteTaker["earlier"],
): readonly (readonly [id: string, version: number])[] =>
  leftOut.flatMap(({ id, why }) => {
    const version = known[id] ?? (Object.hasOwn(begun, id) ? stuck.get(id) : undefined);
    return why === "stuck" && version !== undefined ? [[id, version] as const] : [];
  });
