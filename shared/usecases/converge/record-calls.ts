import { evidenceFor } from "./conclude-grants.ts";
import type { Pass } from "./pass.ts";

/**
 * Puts the calls of a pass that lost the fence on record, as far as its grants are still open: the
 * run that won knows nothing of them. It writes evidence alone, and decides nothing.
 */
export async function recordCalls({ grants, journal, ports }: Pass): Promise<void> {
  const at = ports.chance.now();
  const made = grants.open.filter(({ id }) => journal.of(id).some(({ result }) => result === "ok"));
  const lost = await grants.stepAll(
    made.map(({ id }) => [id, { type: "evidence", at, details: evidenceFor(journal, id) }]),
  );
  journal.recorded(made.flatMap(({ id }) => (lost.has(id) ? [] : id)));
}
