/**
 * The Merkle tree of RFC 6962, one hash over many leaves. Short proofs show that a leaf is among
 * them, or that a later tree only adds to an earlier one. Hashes are hex. Leaves are texts, hashed
 * as UTF-8.
 * https://www.rfc-editor.org/rfc/rfc6962#section-2.1
 */
import { createHash } from "node:crypto";

const LEAF = Buffer.from([0x00]);
const NODE = Buffer.from([0x01]);

const sha256Of = (...parts: readonly Uint8Array[]): Buffer => {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest();
};

const leafOf = (text: string) => sha256Of(LEAF, Buffer.from(text));
const nodeOf = (left: Uint8Array, right: Uint8Array) => sha256Of(NODE, left, right);

/** The hash of one leaf. */
export const leafHash = (text: string): string => leafOf(text).toString("hex");

/** The root over all leaves. It keeps one hash for each level, so a tree of any size fits. */
export function merkleRoot(leaves: Iterable<string>): string {
  /** Complete subtrees, the largest first, each with its number of leaves. */
  const subtrees: { readonly size: number; readonly hash: Buffer }[] = [];
  for (const leaf of leaves) {
    let next = { size: 1, hash: leafOf(leaf) };
    for (let last = subtrees.at(-1); last?.size === next.size; last = subtrees.at(-1)) {
      subtrees.pop();
      next = { size: 2 * next.size, hash: nodeOf(last.hash, next.hash) };
    }
    subtrees.push(next);
  }
  const [smallest, ...larger] = subtrees.reverse().map(({ hash }) => hash);
  const root = smallest && larger.reduce((right, left) => nodeOf(left, right), smallest);
  return (root ?? sha256Of()).toString("hex");
}

/** The largest power of two below `size`: how many leaves are on the left. */
function leftSize(size: number): number {
  let left = 1;
  while (2 * left < size) left *= 2;
  return left;
}

/**
 * The proof that leaf `index` is in the tree: the siblings on the way to the root, lowest first.
 *
 * @param index from 0
 */
export function inclusionProof(leaves: readonly string[], index: number): readonly string[] {
  if (leaves.length < 2) return [];
  const left = leftSize(leaves.length);
  const [first, rest] = [leaves.slice(0, left), leaves.slice(left)];
  return index < left
    ? [...inclusionProof(first, index), merkleRoot(rest)]
    : [...inclusionProof(rest, index - left), merkleRoot(first)];
}

/** A leaf's place, and the tree it should be in. */
export interface Inclusion {
  readonly leaf: string;
  /** From 0. */
  readonly index: number;
  readonly size: number;
  readonly proof: readonly string[];
  readonly root: string;
}

/** Whether the proof holds. https://www.rfc-editor.org/rfc/rfc9162#section-2.1.3.2 */
export function isIncluded({ leaf, index, size, proof, root }: Inclusion): boolean {
  if (!Number.isSafeInteger(size) || !isIndex(index, size)) return false;
  let place = index;
  let last = size - 1;
  let hash = leafOf(leaf);
  for (const sibling of proof.map(bytesOf)) {
    if (last === 0 || !sibling) return false;
    if (place % 2 === 1 || place === last) {
      hash = nodeOf(sibling, hash);
      while (place % 2 === 0 && place > 0) [place, last] = [half(place), half(last)];
    } else hash = nodeOf(hash, sibling);
    [place, last] = [half(place), half(last)];
  }
  return last === 0 && hash.toString("hex") === root;
}

const isIndex = (index: number, size: number) =>
  Number.isSafeInteger(index) && index >= 0 && index < size;
const half = (number: number) => Math.floor(number / 2);
const bytesOf = (hex: string) => (/^[0-9a-f]{64}$/.test(hex) ? Buffer.from(hex, "hex") : undefined);

/**
 * The proof that the tree over the first `size` leaves is the beginning of the tree over all.
 *
 * @param size from 1 to the number of leaves
 */
export const consistencyProof = (leaves: readonly string[], size: number): readonly string[] =>
  size === leaves.length ? [] : subProof(leaves, size, true);

/** SUBPROOF of RFC 6962. @param isKnown whether the verifier has the hash of this whole subtree */
function subProof(leaves: readonly string[], size: number, isKnown: boolean): readonly string[] {
  if (size === leaves.length) return isKnown ? [] : [merkleRoot(leaves)];
  const left = leftSize(leaves.length);
  const [first, rest] = [leaves.slice(0, left), leaves.slice(left)];
  return size <= left
    ? [...subProof(first, size, isKnown), merkleRoot(rest)]
    : [...subProof(rest, size - left, false), merkleRoot(first)];
}

/** Two trees, the first of which should be the beginning of the second. */
export interface Consistency {
  readonly firstSize: number;
  readonly firstRoot: string;
  readonly secondSize: number;
  readonly secondRoot: string;
  readonly proof: readonly string[];
}

/** Whether the proof holds. https://www.rfc-editor.org/rfc/rfc9162#section-2.1.4.2 */
export function isConsistent(trees: Consistency): boolean {
  const { firstSize, firstRoot, secondSize, secondRoot, proof } = trees;
  if (!Number.isSafeInteger(secondSize) || !isIndex(firstSize - 1, secondSize)) return false;
  if (firstSize === secondSize) return proof.length === 0 && firstRoot === secondRoot;
  // The verifier has the hash of a complete subtree, so the proof leaves it out.
  const isComplete = firstSize === 1 || 2 * leftSize(firstSize) === firstSize;
  const [start, ...rest] = (isComplete ? [firstRoot, ...proof] : proof).map(bytesOf);
  if (!start) return false;
  let [place, last] = [firstSize - 1, secondSize - 1];
  while (place % 2 === 1) [place, last] = [half(place), half(last)];
  let [first, second]: [Buffer, Buffer] = [start, start];
  for (const sibling of rest) {
    if (last === 0 || !sibling) return false;
    if (place % 2 === 1 || place === last) {
      [first, second] = [nodeOf(sibling, first), nodeOf(sibling, second)];
      while (place % 2 === 0 && place > 0) [place, last] = [half(place), half(last)];
    } else second = nodeOf(second, sibling);
    [place, last] = [half(place), half(last)];
  }
  return last === 0 && first.toString("hex") === firstRoot && second.toString("hex") === secondRoot;
}
