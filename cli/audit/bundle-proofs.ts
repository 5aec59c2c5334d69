/** Reads a sealed archive's proofs for some chains: the seals of the days on which they changed. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { inclusionProof } from "../../shared/domain/evidence/archive/merkle.ts";
import { leafText, type SealedDay, tipsRoot } from "../../shared/domain/evidence/archive/seal.ts";
import type {
  BundlePolicy,
  BundleSeal,
  TipProof,
} from "../../shared/domain/evidence/report/bundle.ts";
import { sha256 } from "../../shared/domain/values/canonical-json.ts";
import { archiveFiles } from "./archive-files.ts";
import { readSeal } from "./seal-file.ts";

/** Why an archive cannot be used. */
export class UnusableArchive extends Error {}

/**
 * Reads one seal after the other, so memory holds one day.
 *
 * @param places folders or files of the archive
 * @returns the seals that cover records of the chains, sorted by day
 * @throws UnusableArchive where there is no seal, or a file is not a seal; the file system's error
 */
export function proofsOf(
  chains: ReadonlySet<string>,
  places: readonly string[],
): readonly BundleSeal[] {
  const { seals } = archiveFiles(places);
  if (seals.length === 0) throw new UnusableArchive("There is no seal among the files.");
  return seals
    .flatMap((file) => proofsIn(sealIn(file), chains))
    .sort((a, b) => (a.seal.day < b.seal.day ? -1 : 1));
}

function sealIn(file: string): SealedDay {
  const sealed = readSeal(readFileSync(file, "utf8"));
  if (!sealed) throw new UnusableArchive(`${file} is not a seal.`);
  if (tipsRoot(sealed.tips) !== sealed.seal.root)
    throw new UnusableArchive(`The list of chains in ${file} is not the one that was sealed.`);
  return sealed;
}

/** The seal without the tips of other chains; nothing where it covers none of the chains. */
export function proofsIn(
  { seal, signature, tips }: SealedDay,
  chains: ReadonlySet<string>,
): readonly BundleSeal[] {
  const wanted = tips.flatMap((tip, index) => (chains.has(tip.chain) ? [{ tip, index }] : []));
  if (wanted.length === 0) return [];
  const leaves = tips.map(leafText);
  const proofs: readonly TipProof[] = wanted.map(({ tip, index }) => ({
    tip,
    index,
    proof: inclusionProof(leaves, index),
  }));
  return [{ seal, signature, proofs }];
}

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
