import { hashOf } from "../../domain/values/canonical-json.ts";
import { setOf } from "../../domain/values/element-set.ts";
import { noteFindings, type Pass } from "./pass.ts";

/** The most records that a finding names, and attributes that a line of the log names. */
export const MOST_NAMED = 10;

/**
 * Records on every open grant that the requests table holds records of its binding that are left out.
 * The ledger keeps which ones, so that the histories do not grow with every run.
 */
export function noteLeftOut(pass: Pass): void {
  const { view, held, run, binding } = pass;
  const named = setOf(view.leftOut.map(({ id, why }) => `${id}: ${why}`));
  const { leftOut: before, ...ledger } = held.current;
  const leftOut = named.length === 0 ? undefined : hashOf(named);
  if (leftOut === before) return;
  held.know(leftOut === undefined ? ledger : { ...ledger, leftOut });
  if (leftOut === undefined) return;
  const found = named.slice(0, MOST_NAMED);
  run.log("records left out", { binding, count: named.length, found });
  noteFindings(pass, [{ code: "record-left-out", found }]);
}
