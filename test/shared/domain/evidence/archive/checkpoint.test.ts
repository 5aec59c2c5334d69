import { createPublicKey, generateKeyPairSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import {
  checkpointOf,
  forkFrom,
  isWitnessName,
  noteOf,
  readNote,
} from "../../../../../shared/domain/evidence/archive/checkpoint.ts";
import {
  type DaySeal,
  dayAfter,
  sealHash,
} from "../../../../../shared/domain/evidence/archive/seal.ts";
import { cosign, isCosignedBy } from "../../../../../shared/domain/evidence/archive/witness-key.ts";
import { CHAIN_START } from "../../../../../shared/domain/values/hash-chain.ts";
import { numbersFrom } from "../../../../cli/audit/small-archive.ts";

const KEY = "a".repeat(64);
const NOW = "2026-11-24T10:00:00.700Z";
const { privateKey } = generateKeyPairSync("ed25519");

type Days = readonly { readonly seal: DaySeal }[];

/** Seals of a number of days, after those that are given. @param counts differ where the days do */
function sealed(before: Days, days: number, counts: Readonly<Record<string, number>>): Days {
  const all = [...before];
  for (let left = days; left > 0; left -= 1) {
    const last = all.at(-1)?.seal;
    const day = last ? (dayAfter(last.day) ?? "") : "2026-11-24";
    const previous = last ? sealHash(last) : CHAIN_START;
    const content = { root: "b".repeat(64), size: 0, policyHashes: [], counts, late: [] };
    all.push({ seal: { schema: 1, day, key: KEY, previous, ...content } });
  }
  return all;
}

describe("A checkpoint of the seals", () => {
  it("It is written in three lines and a cosignature, and read back", () => {
    const days = sealed([], 3, {});
    const cosigned = cosign(checkpointOf(KEY, days), "auditors.example", privateKey, NOW);
    const note = noteOf(cosigned);
    const [origin, size, root, empty, line, end] = note.split("\n");
    expect([origin, size, empty, end]).toEqual([`timelatch-archive/${KEY}`, "3", "", ""]);
    expect(Buffer.from(root ?? "", "base64").toString("hex")).toBe(cosigned.checkpoint.root);
    expect(line).toMatch(/^— auditors\.example [A-Za-z0-9+/]+={0,2}$/);
    expect(readNote(note)).toEqual(cosigned);
    expect(cosigned.time).toBe(Date.parse("2026-11-24T10:00:00Z") / 1_000);
  });

  it("A change of any character is read as nothing, or is not cosigned", () => {
    const note = noteOf(cosign(checkpointOf(KEY, sealed([], 3, {})), "w", privateKey, NOW));
    const publicKey = createPublicKey(privateKey);
    for (let at = 0; at < note.length; at += 1) {
      const other = note[at] === "A" ? "B" : "A";
      const read = readNote(note.slice(0, at) + other + note.slice(at + 1));
      expect(read === undefined || !isCosignedBy(read, publicKey), `at ${at}`).toBe(true);
    }
    const found = readNote(note);
    expect(found && isCosignedBy(found, publicKey)).toBe(true);
    const other = createPublicKey(generateKeyPairSync("ed25519").privateKey);
    expect(found && isCosignedBy(found, other)).toBe(false);
  });

  it("Days that were added extend it, and a prefix, another key or another day do not", () => {
    const days = sealed([], 5, {});
    const before = checkpointOf(KEY, days.slice(0, 3));
    expect(forkFrom(before, KEY, days)).toBeUndefined();
    expect(forkFrom(before, KEY, days.slice(0, 3))).toBeUndefined();
    expect(forkFrom(before, KEY, days.slice(0, 2))).toContain("has 3 seals");
    expect(forkFrom(before, "b".repeat(64), days)).toContain("another key");
    expect(forkFrom(before, KEY, sealed(days.slice(0, 2), 3, { x: 1 }))).toContain("first 3 seals");
    expect(forkFrom(checkpointOf(KEY, []), KEY, days)).toBeUndefined();
  });

  it("All of 10,000 forks are found by one witness that cosigned either side", () => {
    const next = numbersFrom("forks");
    const common = sealed([], 20, {});
    const branches = [1, 2].map((side) =>
      Array.from({ length: 20 }, (_, at) => sealed(common.slice(0, at), 4, { side })),
    );
    let found = 0;
    for (let run = 0; run < 10_000; run += 1) {
      const at = next(20);
      const [one, two] = branches.map((each) => each[at] ?? []);
      const [seen, shown] = next(2) === 0 ? [one, two] : [two, one];
      const witnessed = checkpointOf(KEY, (seen ?? []).slice(0, at + 1 + next(4)));
      const given = (shown ?? []).slice(0, at + 1 + next(4));
      if (forkFrom(witnessed, KEY, given) !== undefined) found += 1;
    }
    expect(found).toBe(10_000);
  });

  it("A witness's name has no space, plus sign or line end", () => {
    expect(["auditors.example/2026", "x"].every(isWitnessName)).toBe(true);
    expect(["", "a b", "a+b", "a\n", "ä", "x".repeat(101)].some(isWitnessName)).toBe(false);
  });
});
