import type { Known } from "./conclude-grants.ts";
import { evidenceFor } from "./conclude-grants.ts";
import { entitlementsIn, type Pass } from "./pass.ts";

/**
 * Says of every grant whose time is over that it is ending, with the calls that took its access.
 * Comes after the removal, and takes few transactions for many grants.
 *
 * @returns ids of the grants whose calls are on record now
 */
export async function storeExpiries(
  pass: Pass,
  known: Pick<Known, "calls" | "findings">,
): Promise<ReadonlySet<string>> {
  const { grants, held, now } = pass;
  const byId = new Map(entitlementsIn(pass).map((each) => [each.grantId, each]));
  const over = grants.open.filter(
    ({ id, state }) =>
      state !== "ending" && byId.get(id)?.isOver && !held.current.begun[id]?.refusal,
  );
  const changes = over.map(({ id }) => {
    const own = byId.get(id);
    const details = own ? evidenceFor(own, known) : { calls: [] };
    const outcome = { code: "expired", detail: "Its time was over." };
    return [id, { type: "expire", at: now, details, changes: { outcome } }] as const;
  });
  const lost = await grants.stepAll(changes);
  return new Set(over.flatMap(({ id }) => (lost.has(id) ? [] : id)));
}
