import { obstacleOf } from "../../domain/clusters/cluster-facts.ts";
import type { Reading } from "../../domain/entries/actual-entry.ts";
import type { Refusal } from "../../domain/entries/ledger.ts";
import { CallFailed } from "../../ports/access-entries.ts";
import { factsOf } from "./converge-run.ts";
import { isAnythingOver, type Pass, workMillis } from "./pass.ts";

/** The answer of a read of the entry. */
export type EntryRead =
  | { readonly kind: "read"; readonly reading: Reading }
  /** EKS says that no entry can exist: the cluster is gone, or takes no entries. */
  | { readonly kind: "impossible"; readonly verdict: Refusal; readonly begunAt: string }
  | { readonly kind: "failed"; readonly error: CallFailed };

/**
 * A second read starts only with this much work time left, in milliseconds. The removal needs the
 * rest.
 */
const RETRY_MILLIS = 3_500;

/**
 * Reads the entry. If a grant is over, a failed read is retried once. The removal then goes ahead
 * without a read, because a throttled read must not delay it.
 */
export async function readEntry(pass: Pass): Promise<EntryRead> {
  const first = await readOnce(pass);
  const mayRetry =
    first.kind === "failed" && isAnythingOver(pass) && workMillis(pass) >= RETRY_MILLIS;
  return mayRetry ? await readOnce(pass) : first;
}

/** One attempt. */
export async function readOnce({ ports, entry, run, binding }: Pass): Promise<EntryRead> {
  const begunAt = ports.clock.now();
  try {
    return { kind: "read", reading: { entry: await entry.read(), begunAt } };
  } catch (error) {
    if (!(error instanceof CallFailed)) throw error;
    run.log("entry not read", { binding, ...factsOf(error) });
    const verdict = impossibleBy(error, entry.address.cluster.name);
    return verdict ? { kind: "impossible", verdict, begunAt } : { kind: "failed", error };
  }
}

/** How EKS says that a cluster cannot hold access entries. */
function impossibleBy({ code }: CallFailed, name: string): Refusal | undefined {
  if (code === "ClusterNotFound") return obstacleOf(name, { description: null });
  if (code !== "AuthenticationModeConfigMap") return undefined;
  return obstacleOf(name, { description: { createdAt: "", authenticationMode: "CONFIG_MAP" } });
}
