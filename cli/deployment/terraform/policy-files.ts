/** The files that an assembly is made of, with their hashes. */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { readStrictly } from "../../policy/read-policy.ts";
import { CONFIG_FILE } from "../folder-files.ts";
import type { WorkingFolder } from "../working-folder.ts";
import type { PolicyFile } from "./terraform-manifest.ts";

/**
 * The policy, what it includes, and where it is deployed to. Read them before the synthesis: a later change then shows.
 *
 * @returns with places from the working directory
 * @throws Failure as `readPolicy` does
 */
export async function policyFiles({
  folder,
  config,
}: WorkingFolder): Promise<readonly PolicyFile[]> {
  const access = path.join(folder, config.access);
  const { parseAccessPolicy } = await import("../../../shared/policy-file/parse-access-policy.ts");
  const files = [access];
  await readStrictly(access, (text, included) =>
    parseAccessPolicy(text, (name) => {
      const found = included(name);
      files.push(found.file);
      return found;
    }),
  );
  files.push(path.join(folder, CONFIG_FILE));
  return Promise.all(files.map(async (file) => ({ file, sha256: sha256Of(await readFile(file)) })));
}

/** The hash of bytes, hex. */
export const sha256Of = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");
