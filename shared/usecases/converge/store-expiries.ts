import { evidenceFor } from "./conclude-grants.ts";
import { entitlementsIn, type Pass, proveFindings } from "./pass.ts";

/**
 * Stores `ending` for every grant whose time is over, with the calls that removed its access. Runs
 * after the removal, and needs few transactions for many grants.
 */
export async function storeExpiries(pass: Pass): Promise<void> {
  const { grants, held, journal, now } = pass;
  const grantsById = new Map(grants.open.map((grant) => [grant.id, grant]));
  const over = entitlementsIn(pass).filter(
    ({ grantId, isOver }) =>
      isOver &&
      grantsById.get(grantId)?.state !== "ending" &&
      !held.current.begun[grantId]?.refusal &&
      !Object.hasOwn(held.current.failing, grantId),
  );
  await proveFindings(pass);
  const lost = await grants.stepAll(
    over.map(({ grantId }) => [
      grantId,
      grants.postponed(grantId) ?? {
        type: "expire",
        at: now,
        details: evidenceFor(journal, grantId),
        changes: { outcome: { code: "expired", detail: "Its time was over." } },
      },
    ]),
  );
  journal.recorded(
    over.flatMap(({ grantId }) => (lost.has(grantId) || grants.postponed(grantId) ? [] : grantId)),
  );
}
