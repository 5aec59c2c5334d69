import { policyKey } from "../../domain/evidence/archive/archive-keys.ts";
import { canonicalJson } from "../../domain/values/canonical-json.ts";
import type { ArchivePorts } from "../../ports/function-ports.ts";

/**
 * Keeps the deployed policy under its hash, in the form that the hash is over. So an auditor can read
 * what a decision was judged by.
 *
 * @returns whether the archive did not have it yet
 */
export async function archivePolicy({
  store,
  policy,
}: Pick<ArchivePorts, "store" | "policy">): Promise<boolean> {
  const { hash, ...compiled } = policy;
  const key = policyKey(hash);
  if ((await store.list(key)).length > 0) return false;
  await store.put(key, [canonicalJson(compiled)]);
  return true;
}
