/** Reads a sealed archive's proofs for some chains: what the seal of each day says of them. */
import path from "node:path";
import { inclusionProof } from "../../shared/domain/evidence/archive/merkle.ts";
import { readSeal } from "../../shared/domain/evidence/archive/read-seal.ts";
import {
  type ChainTip,
  leafText,
  type SealedDay,
  tipsRoot,
} from "../../shared/domain/evidence/archive/seal.ts";
import type { BundlePolicy } from "../../shared/domain/evidence/report/bundle.ts";
import type { BundleSeal, TipProof } from "../../shared/domain/evidence/report/bundle-seal.ts";
import { sha256 } from "../../shared/domain/values/canonical-json.ts";
import { archiveFiles } from "./archive-files.ts";
import { textOf } from "./outside-file.ts";

/** Why an archive cannot be used. */
export class UnusableArchive extends Error {}

/**
 * Reads one seal after the other, so memory holds one day.
 *
 * @param from the first day, such as `2026-11-24`
 * @param places folders or files of the archive
 * @returns the seals from that day on, sorted by day
 * @throws UnusableArchive where there is no seal, or a file is not a seal; the file system's error
 */
export function proofsOf(
  chains: readonly string[],
  from: string,
  places: readonly string[],
): readonly BundleSeal[] {
  const { seals } = archiveFiles(places);
  if (seals.length === 0) throw new UnusableArchive("There is no seal among the files.");
  return seals
    .map(sealIn)
    .filter(({ seal }) => seal.day >= from)
    .map((sealed) => proofsIn(sealed, chains))
    .sort((a, b) => (a.seal.day < b.seal.day ? -1 : 1));
}

function sealIn(file: string): SealedDay {
  const sealed = readSeal(textOf(file));
  if (!sealed) throw new UnusableArchive(`${file} is not a seal.`);
  if (tipsRoot(sealed.tips) !== sealed.seal.root)
    throw new UnusableArchive(`The list of chains in ${file} is not the one that was sealed.`);
  return sealed;
}

/** The seal with the tips of these chains, and the two beside each chain that did not change. */
export function proofsIn(
  { seal, signature, tips }: SealedDay,
  chains: readonly string[],
): BundleSeal {
  const leaves = tips.map(leafText);
  const proofOf = ({ tip, index }: Leaf): TipProof => ({
    tip,
    index,
    proof: inclusionProof(leaves, index),
  });
  const all = tips.map((tip, index) => ({ tip, index }));
  const own = all.filter(({ tip }) => chains.includes(tip.chain));
  const unchanged = chains.filter((chain) => own.every(({ tip }) => tip.chain !== chain));
  const beside = new Set(unchanged.flatMap((chain) => besides(all, chain)));
  const neighbours = all.filter((leaf) => beside.has(leaf)).map(proofOf);
  const proofs = own.map(proofOf);
  return { seal, signature, proofs, ...(neighbours.length === 0 ? {} : { neighbours }) };
}

interface Leaf {
  readonly tip: ChainTip;
  readonly index: number;
}

/** @param all sorted by chain */
function besides(all: readonly Leaf[], chain: string): readonly Leaf[] {
  const next = all.findIndex(({ tip }) => tip.chain > chain);
  const at = next < 0 ? all.length : next;
  return all.slice(Math.max(0, at - 1), at + 1);
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
