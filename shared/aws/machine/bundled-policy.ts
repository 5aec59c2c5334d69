import { readFileSync } from "node:fs";
import type { AccessPolicy } from "../../domain/policy/policy.ts";
import { indexPolicy } from "../../domain/policy/policy-index.ts";
import { sha256 } from "../../domain/values/canonical-json.ts";

/**
 * Loads the compiled `access.yaml` that is deployed with the bundle. It was validated when it was
 * compiled, so only its hash is checked here. The file is in RFC 8785's form: its text without the
 * hash is what was hashed. So no function has to write that form again while it loads.
 *
 * @throws Error if the file is missing, of another version, or was changed after it was compiled
 */
export function bundledPolicy(file = new URL("./access.json", import.meta.url)): AccessPolicy {
  const text = readFileSync(file, "utf8");
  const policy = JSON.parse(text) as AccessPolicy;
  const hashed = text.replace(`"hash":"${policy.hash}",`, "");
  if (policy.version !== 1 || sha256(hashed) !== policy.hash)
    throw new Error(
      "access.json does not match its hash, so no decision can rest on it. Deploy the stack again.",
    );
  indexPolicy(policy);
  return policy;
}
