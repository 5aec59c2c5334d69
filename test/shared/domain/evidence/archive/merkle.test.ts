import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  consistencyProof,
  inclusionProof,
  isConsistent,
  isIncluded,
  leafHash,
  merkleRoot,
} from "../../../../../shared/domain/evidence/archive/merkle.ts";

const sha = (...parts: readonly Uint8Array[]) => {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest();
};

/** MTH of RFC 6962, section 2.1, as it is written there. */
function naive(leaves: readonly string[]): Buffer {
  const [only] = leaves;
  if (only === undefined) return sha();
  if (leaves.length === 1) return sha(Uint8Array.of(0), Buffer.from(only));
  const k = 2 ** Math.ceil(Math.log2(leaves.length) - 1);
  return sha(Uint8Array.of(1), naive(leaves.slice(0, k)), naive(leaves.slice(k)));
}

const rootOf = (leaves: readonly string[]) => naive(leaves).toString("hex");
const leavesOf = (size: number) => Array.from({ length: size }, (_, at) => `leaf ${at}`);
const hexOf = (buffer: Buffer) => buffer.toString("hex");

/** The tree of seven leaves of RFC 6962, section 2.1.3, by the names that it gives the nodes. */
const d = leavesOf(7);
const [a, b, c, dd, e, f] = d.map((leaf) => naive([leaf])) as [
  Buffer,
  Buffer,
  Buffer,
  Buffer,
  Buffer,
  Buffer,
];
const j = naive(d.slice(6));
const node = (left: Buffer, right: Buffer) => sha(Uint8Array.of(1), left, right);
const [g, h, i] = [node(a, b), node(c, dd), node(e, f)];
const [k, l] = [node(g, h), node(i, j)];

describe("Roots", () => {
  it("The empty tree and the empty leaf have the hashes of RFC 6962", () => {
    expect(merkleRoot([])).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    expect(leafHash("")).toBe("6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
    expect(merkleRoot([""])).toBe(leafHash(""));
  });

  it("Every tree of up to 130 leaves has the root that the definition gives", () => {
    for (let size = 0; size <= 130; size += 1)
      expect([size, merkleRoot(leavesOf(size))]).toEqual([size, rootOf(leavesOf(size))]);
  });

  it("A node is no leaf: its children's hashes as a leaf give another root", () => {
    const text = Buffer.concat([a, b]).toString("latin1");
    expect(leafHash(text)).not.toBe(hexOf(g));
    expect(merkleRoot(d.slice(0, 2))).toBe(hexOf(g));
  });
});

describe("Inclusion", () => {
  it("The proofs of the RFC's tree of seven leaves are the RFC's", () => {
    expect(inclusionProof(d, 0)).toEqual([b, h, l].map(hexOf));
    expect(inclusionProof(d, 3)).toEqual([c, g, l].map(hexOf));
    expect(inclusionProof(d, 4)).toEqual([f, j, k].map(hexOf));
    expect(inclusionProof(d, 6)).toEqual([i, k].map(hexOf));
  });

  it("Every leaf of every tree of up to 40 leaves is proven, only at its own place", () => {
    for (let size = 1; size <= 40; size += 1) {
      const leaves = leavesOf(size);
      const root = rootOf(leaves);
      for (let index = 0; index < size; index += 1) {
        const proof = inclusionProof(leaves, index);
        const leaf = leaves[index] ?? "";
        expect(isIncluded({ leaf, index, size, proof, root })).toBe(true);
        expect(isIncluded({ leaf: "other", index, size, proof, root })).toBe(false);
        for (const place of [-1, index + 1, index - 1, index + 0.5, size])
          expect(isIncluded({ leaf, index: place, size, proof, root })).toBe(false);
      }
    }
  });

  it("A proof that is edited, cut, longer or of another root does not hold", () => {
    const good = {
      leaf: "leaf 3",
      index: 3,
      size: 7,
      proof: inclusionProof(d, 3),
      root: rootOf(d),
    };
    const [one = "", two = "", three = ""] = good.proof;
    expect(isIncluded(good)).toBe(true);
    for (const proof of [
      [one, two],
      [two, one, three],
      [one, two, three, three],
      [one, two, hexOf(k)],
      [one, two, three.toUpperCase()],
      [one, two, "x"],
    ])
      expect(isIncluded({ ...good, proof })).toBe(false);
    expect(isIncluded({ ...good, root: hexOf(k) })).toBe(false);
    expect(isIncluded({ ...good, size: 0 })).toBe(false);
    expect(isIncluded({ ...good, size: Number.NaN })).toBe(false);
  });
});

describe("Consistency", () => {
  it("The proofs of the RFC's tree of seven leaves are the RFC's", () => {
    expect(consistencyProof(d, 3)).toEqual([c, dd, g, l].map(hexOf));
    expect(consistencyProof(d, 4)).toEqual([l].map(hexOf));
    expect(consistencyProof(d, 6)).toEqual([i, j, k].map(hexOf));
    expect(consistencyProof(d, 7)).toEqual([]);
  });

  const trees = (first: number, second: number) => ({
    firstSize: first,
    firstRoot: rootOf(leavesOf(first)),
    secondSize: second,
    secondRoot: rootOf(leavesOf(second)),
    proof: consistencyProof(leavesOf(second), first),
  });

  it("Every pair of trees of up to 33 leaves is consistent, and with no other root", () => {
    for (let second = 1; second <= 33; second += 1)
      for (let first = 1; first <= second; first += 1) {
        const pair = trees(first, second);
        expect(isConsistent(pair)).toBe(true);
        expect(isConsistent({ ...pair, firstRoot: leafHash("x") })).toBe(false);
        expect(isConsistent({ ...pair, secondRoot: leafHash("x") })).toBe(false);
        expect(isConsistent({ ...pair, proof: [...pair.proof, leafHash("x")] })).toBe(false);
        if (pair.proof.length > 0)
          expect(isConsistent({ ...pair, proof: pair.proof.slice(1) })).toBe(false);
      }
  });

  it("A later tree in which an earlier leaf was edited is not consistent", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 60 }), fc.nat(), fc.nat(), (second, x, y) => {
        const first = 1 + (x % (second - 1));
        const edited = leavesOf(second).with(y % first, "edited");
        const proof = consistencyProof(edited, first);
        const pair = { ...trees(first, second), secondRoot: rootOf(edited), proof };
        expect(isConsistent(pair)).toBe(false);
      }),
      { numRuns: 300, seed: 6962 },
    );
  });

  it("Sizes that no pair of trees can have are not consistent", () => {
    const pair = trees(3, 7);
    for (const [firstSize, secondSize] of [
      [0, 7],
      [8, 7],
      [-1, 7],
      [3.5, 7],
      [3, Number.NaN],
      [3, 3],
    ] as const)
      expect(isConsistent({ ...pair, firstSize, secondSize })).toBe(false);
  });
});
