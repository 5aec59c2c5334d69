import { obstacleOf } from "../../domain/cluster-facts.ts";
import type { Reading } from "../../domain/entries/actual-entry.ts";
import { secondsBetween } from "../../domain/instant.ts";
import type { Refusal } from "../../domain/ledger.ts";
import { CallFailed } from "../../ports/access-entries.ts";
import { factsOf } from "./converge-run.ts";
import { entitlementsIn, type Pass, workMillis } from "./pass.ts";

/** What a read of the entry answered. */
export type EntryRead =
  | { readonly kind: "read"; readonly reading: Reading }
  /** EKS rules out that any entry exists: the cluster is gone, or takes no entries. */
  | { readonly kind: "impossible"; readonly verdict: Refusal; readonly begunAt: string }
  | { readonly kind: "failed"; readonly error: CallFailed };

/** With less time to `expiresAt` than this, a removal does not wait for a second read. */
const URGENT_SECONDS = 60;

/**
 * Reads the entry. Where something is over, a failed read is tried once more; then the removal goes
 * on blind, since a throttled read must not hold it up.
 */
export async function readEntry(pass: Pass): Promise<EntryRead> {
  const first = await readOnce(pass);
  const mayRetry = first.kind === "failed" && hasRemoval(pass) && !isUrgent(pass);
  return mayRetry && workMillis(pass) > 0 ? await readOnce(pass) : first;
}

/** One attempt. */
export async function readOnce({ ports, address, grants, run }: Pass): Promise<EntryRead> {
  const begunAt = ports.chance.now();
  try {
    const entry = await ports.entries.read(address, grants.sessionFor(undefined));
    return { kind: "read", reading: { entry, begunAt } };
  } catch (error) {
    if (!(error instanceof CallFailed)) throw error;
    run.log("entry not read", { binding: grants.binding, ...factsOf(error) });
    const verdict = impossibleBy(error, address.cluster.name);
    return verdict ? { kind: "impossible", verdict, begunAt } : { kind: "failed", error };
  }
}

/** How EKS says that a cluster can hold no access entry at all. */
function impossibleBy({ code }: CallFailed, name: string): Refusal | undefined {
  if (code === "ClusterNotFound") return obstacleOf(name, { description: null });
  if (code !== "AuthenticationModeConfigMap") return undefined;
  return obstacleOf(name, { description: { createdAt: "", authenticationMode: "CONFIG_MAP" } });
}

const hasRemoval = (pass: Pass): boolean => entitlementsIn(pass).some(({ isOver }) => isOver);

function isUrgent(pass: Pass): boolean {
  const over = new Set(
    entitlementsIn(pass).flatMap(({ isOver, grantId }) => (isOver ? grantId : [])),
  );
  return pass.grants.open.some(
    ({ id, expiresAt }) =>
      over.has(id) && expiresAt !== null && secondsBetween(pass.now, expiresAt) < URGENT_SECONDS,
  );
}
