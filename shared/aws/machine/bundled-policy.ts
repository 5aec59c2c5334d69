import { readFileSync } from "node:fs";
import type { AccessPolicy } from "../../domain/policy/policy.ts";
import { indexPolicy } from "../../domain/policy/policy-index.ts";
import { hashOf } from "../../domain/values/canonical-json.ts";

/**
 * Loads the compiled `access.yaml` that is deployed with the bundle. It was validated when it was
 * compiled, so only its hash is checked here.
 *
 * @throws Error if the file is missing, of another version, or was changed after it was compiled
 */
export function bundledPolicy(file = new URL("./access.json", import.meta.url)): AccessPolicy {
  const policy = JSON.parse(readFileSync(file, "utf8")) as AccessPolicy;
  const { hash, ...compiled } = policy;
  if (policy.version !== 1 || hashOf(compiled) !== hash)
    throw new Error(
      "access.json does not match its hash, so no decision can rest on it. Deploy the stack again.",
    );
  indexPolicy(policy);
  return policy;
}
