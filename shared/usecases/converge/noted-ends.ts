import { othersInChain } from "../../domain/entries/extension-chain.ts";
import type { Ledger } from "../../domain/entries/ledger.ts";
import type { BindingView } from "../../ports/binding-store.ts";
import type { ConvergePorts } from "../../ports/function-ports.ts";
import type { ConvergeRun } from "./converge-run.ts";

/**
 * Ids of grants that have begun and whose end people noted, although a view shows them as not ended. Their record is an
 * old one, or the end could not be stored. An end is meant for the grant's whole chain, and others can write what
 * the records say of each other. So the notes of the others count by the ledger, but for cancellations, which mean one
 * extension only. Grants that are over are not asked about, so that no such removal waits.
 */
export async function notedEnds(
  { requests, clock }: Pick<ConvergePorts, "requests" | "clock">,
  { log }: Pick<ConvergeRun, "log">,
  { grants }: BindingView,
  ledger: Ledger | undefined,
): Promise<readonly string[]> {
  const begun = ledger?.begun ?? {};
  const now = clock.now();
  const asked = grants.filter(
    ({ id, state, revokeAt }) =>
      Object.hasOwn(begun, id) &&
      begun[id]?.over === false &&
      (state === "approved" || state === "active") &&
      (revokeAt === null || revokeAt > now),
  );
  const isNoted = async (id: string, of: "grant" | "chain"): Promise<boolean> => {
    try {
      return await requests.isEndNoted(id, of);
    } catch (error) {
      log("noted end not read", { grantId: id, error: String(error) });
      return false;
    }
  };
  const answers = await Promise.all(
    asked.map(async ({ id }) => {
      const others = othersInChain(id, begun).map((other) => isNoted(other, "chain"));
      const notes = await Promise.all([isNoted(id, "grant"), ...others]);
      return notes.includes(true) ? [id] : [];
    }),
  );
  return answers.flat();
}
