/** Verifies the policy files of an archive: each has the hash that is its name. */
import path from "node:path";
import type { SealedDay } from "../../shared/domain/evidence/archive/seal.ts";
import { sha256 } from "../../shared/domain/values/canonical-json.ts";
import type { ArchiveFault } from "./verify-archive.ts";

export interface PolicyVerification {
  /** How many policy files there are. */
  readonly policies: number;
  /**
   * Hashes of policies that a seal names, and whose file is not there. That is no edit: `archive`
   * keeps what is deployed when it runs, so a policy of less than an hour may have no file.
   */
  readonly policiesWithoutFile: readonly string[];
  readonly faults: readonly ArchiveFault[];
}

/** A file that should be a policy. */
export interface PolicyFile {
  readonly name: string;
  readonly read: () => string;
}

/** Memory holds one file at a time. */
export function verifyPolicies(
  seals: readonly SealedDay[],
  files: readonly PolicyFile[],
): PolicyVerification {
  const known = new Set<string>();
  const faults: ArchiveFault[] = [];
  for (const { name, read } of files) {
    const hash = path.basename(name, ".json");
    known.add(hash);
    if (sha256(read().replace(/\n$/, "")) !== hash)
      faults.push({ file: name, fault: "edited", detail: EDITED });
  }
  const sealed = new Set(seals.flatMap(({ seal }) => seal.policyHashes));
  const policiesWithoutFile = [...sealed].filter((hash) => !known.has(hash)).sort();
  return { policies: files.length, policiesWithoutFile, faults };
}

const EDITED = "This is not the policy that its name says: its hash is another.";
