import type { Ledger } from "../../domain/entries/ledger.ts";
import { hashOf } from "../../domain/values/canonical-json.ts";
import { setOf } from "../../domain/values/element-set.ts";
import type { BindingView } from "../../ports/binding-store.ts";
import type { Learned } from "./learn.ts";
import type { Pass } from "./pass.ts";

/** The most records that a finding names, and attributes that a line of the log names. */
export const MOST_NAMED = 10;

/** The hex digits of a record's id's hash by which a ledger knows that a finding has named it. */
const MARK_LENGTH = 6;

/**
 * Finds that the requests table holds records of a binding that are left out. The ledger marks those that a finding has
 * named, as long as they are on record, so that the histories do not grow with every run: a run finds some records only in a
 * later pass. Where it has marked ten, more are in the log only. It keeps those that are stuck after they began, or the next
 * run would take them for grants that the ledger forgot.
 *
 * @returns no finding if the ledger has marked the same ones already
 */
export function noteLeftOut({ view, held, earlier, run }: NoteTaker): Learned {
  const { leftOut: before = "", stuck: _, ...rest } = held.current;
  const stuck = stuckAfterBegin(view, held.current, earlier);
  const told = toldOf(view, before);
  const untold = view.leftOut.filter(({ id }) => !told.includes(markOf(id)));
  const named = setOf(untold.map(({ id, why }) => `${id}: ${why}`));
  const leftOut = [...told, ...untold.map(({ id }) => markOf(id))].slice(0, MOST_NAMED).join("");
  const ledger = {
    ...rest,
    ...(leftOut === "" ? {} : { leftOut }),
    ...(stuck.length > 0 ? { stuck: Object.fromEntries(stuck) } : {}),
  };
  if (named.length === 0) return { ledger };
  const found = named.slice(0, MOST_NAMED);
  run.log("records left out", { binding: view.binding, count: view.leftOut.length, found });
  if (told.length >= MOST_NAMED) return { ledger };
  return { ledger, findings: [{ code: "record-left-out", found }] };
}

const markOf = (id: string): string => hashOf(id).slice(0, MARK_LENGTH);

const marksIn = (text: string): readonly string[] =>
  Array.from({ length: Math.min(MOST_NAMED, Math.floor(text.length / MARK_LENGTH)) }, (_, at) =>
    text.slice(at * MARK_LENGTH, (at + 1) * MARK_LENGTH),
  );

/** The marks of records that are still there, as far as the view shows it. */
function toldOf({ grants, leftOut, isWhole }: BindingView, before: string): readonly string[] {
  const marks = marksIn(before);
  if (marks.length === 0 || !isWhole) return marks;
  const there = new Set([...grants, ...leftOut].map(({ id }) => markOf(id)));
  return marks.filter((mark) => there.has(mark));
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
