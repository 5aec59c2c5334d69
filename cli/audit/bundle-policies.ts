/** Finds the policies of a sealed archive that decided steps of a request. */
import path from "node:path";
import type { BundlePolicy } from "../../shared/domain/evidence/report/bundle.ts";
import { sha256 } from "../../shared/domain/values/canonical-json.ts";
import { archiveFiles } from "./archive-files.ts";
import { UnusableArchive } from "./bundle-proofs.ts";

/**
 * @param hashes of the policies, sorted
 * @param places folders or files of the archive
 * @returns those that the archive has: a policy that was replaced within an hour may have no file
 * @throws UnusableArchive where a file has another hash than its name; the file system's error
 */
export function policiesOf(
  hashes: readonly string[],
  places: readonly string[],
): readonly BundlePolicy[] {
  const { policies } = archiveFiles(places);
  return hashes.flatMap((hash) => {
    const file = policies.find(({ name }) => path.basename(name, ".json") === hash);
    if (file === undefined) return [];
    const text = file.read().replace(/\n$/, "");
    if (sha256(text) !== hash)
      throw new UnusableArchive(`${file.name} is edited: its hash is not its name.`);
    return { hash, text };
  });
}
