/**
 * Records that no step can be stored for. Functions that face people can file a record that is not its
 * request's, or put an event in the place of its next one. Each run would find the same record, and its
 * binding would be due for ever.
 */
import type { StoredIntents } from "../../domain/entries/unknown-ledger.ts";
import { MOST_NAMED } from "./note-left-out.ts";
import type { EarlierPasses, Pass } from "./pass.ts";

/**
 * Finds records whose step conflicted in this pass and, at the same version, in the one before. Somebody
 * who stores a step changes the version with it. The next pass leaves such a record out, so that it holds
 * nothing up. One that the ledger has as begun, or that a stored call was to serve, is never among them:
 * its access must go first.
 */
export function stuckRecords(
  { grants, view, held, earlier, run }: Pick<Pass, "grants" | "view" | "held" | "earlier" | "run">,
  { served }: Pick<StoredIntents, "served">,
): Pick<EarlierPasses, "conflicted" | "stuck"> {
  const { begun } = held.current;
  const conflicted = view.grants.flatMap(({ id, version }) =>
    grants.hasConflicted(id) && !Object.hasOwn(begun, id) && !served.has(id)
      ? [[id, version] as const]
      : [],
  );
  const again = conflicted.filter(([id, version]) => earlier.conflicted.get(id) === version);
  if (again.length > 0) {
    const found = again.slice(0, MOST_NAMED).map(([id]) => `${id}: stuck`);
    run.log("records left out", { binding: view.binding, count: again.length, found });
  }
  return { conflicted: new Map(conflicted), stuck: new Map([...earlier.stuck, ...again]) };
}
