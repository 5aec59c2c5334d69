/** The second read of a pass, after its calls. */
import { provableFrom } from "../../domain/entries/proof.ts";
import { applyRead, type Look } from "./look-at-entry.ts";
import { entitlementsIn, type Pass, workMillis } from "./pass.ts";
import { readOnce } from "./read-entry.ts";

/** Which calls this pass has made. */
export interface Called {
  readonly added: boolean;
  readonly removed: boolean;
}

/**
 * Reads again if this pass can conclude something at once. That is access that it added, or an end
 * that a person waits for. After an expiry the sweep confirms the end one read lag later, which
 * saves a call.
 */
export async function lastLook(pass: Pass, first: Look, called: Called): Promise<Look> {
  const isWorthIt = (called.added && hasUnseen(pass)) || (called.removed && isEndAwaited(pass));
  if (!isWorthIt || workMillis(pass) <= 0) return first;
  const read = await readOnce(pass);
  if (read.kind !== "read") return first;
  return { ...first, seen: applyRead(pass, read.reading) };
}

const hasUnseen = (pass: Pass): boolean =>
  pass.grants.open.some(
    ({ id, state }) => state === "approved" && Object.hasOwn(pass.held.current.begun, id),
  );

function isEndAwaited(pass: Pass): boolean {
  const entitlements = entitlementsIn(pass);
  const ledger = pass.held.current;
  const now = pass.ports.clock.now();
  return pass.grants.open.some(({ id, outcome }) => {
    const own = entitlements.find(({ grantId }) => grantId === id);
    const isOver = own?.isOver && own.hasBegun && outcome?.code !== "expired";
    return isOver && provableFrom(own, ledger, entitlements) <= now;
  });
}
