import { describe, expect, it } from "vitest";
import {
  inclusionProof,
  isIncluded,
} from "../../../../../shared/domain/evidence/archive/merkle.ts";
import {
  dayAfter,
  leafText,
  sealHash,
  sealOf,
  sealText,
  tipsRoot,
} from "../../../../../shared/domain/evidence/archive/seal.ts";
import { sealRecordVerifier } from "../../../../../shared/domain/evidence/archive/seal-records.ts";
import { verifySeals } from "../../../../../shared/domain/evidence/archive/seal-verify.ts";
import { CHAIN_START } from "../../../../../shared/domain/values/hash-chain.ts";
import { aHistory, aSigner, DAYS, faultsIn, type Named } from "./sealed-history.ts";
import { type Choose, TAMPERINGS, type Tampered } from "./tamperings.ts";

const signer = aSigner();
const mallory = aSigner();
const history = aHistory(signer);
const [first, second, third] = history.days as [
  (typeof history.days)[number],
  (typeof history.days)[number],
  (typeof history.days)[number],
];

/** Mulberry32: the same choices on every machine. */
function chooser(seed: number): Choose {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return <T>(from: readonly T[]): T => from[Math.floor(next() * from.length)] as T;
}

/** Whether the fault points to what was tampered with. A link shows at the record after. */
function isNamed({ days, record }: Tampered, { fault, day, chain, after, seq = 0 }: Named) {
  if (record === undefined) return chain === undefined && (days ?? []).includes(day ?? "");
  if (chain !== record.chain) return false;
  if (after !== undefined) return after < record.seq && record.seq <= seq;
  return seq === record.seq || (fault === "unlinked" && seq === record.seq + 1);
}

describe("Tamperings", () => {
  it("A history as it was written has no fault, in whatever order its records are", () => {
    expect(faultsIn(history, signer)).toEqual([]);
    expect(faultsIn({ ...history, records: [...history.records].reverse() }, signer)).toEqual([]);
  });

  it("All of 10,000 random tamperings are found, and the right record or seal is named first", () => {
    const choose = chooser(20_261_124);
    const names = Object.keys(TAMPERINGS);
    const faults = new Set<string>();
    const missed: unknown[] = [];
    for (let run = 0; run < 10_000; run += 1) {
      const name = choose(names);
      const tampered = TAMPERINGS[name]?.(history, choose, mallory);
      if (!tampered) throw new Error(name);
      const [found] = faultsIn(tampered.history, signer);
      if (found) faults.add(found.fault);
      if (!found || !isNamed(tampered, found))
        missed.push({ run, name, record: tampered.record, days: tampered.days, found });
    }
    expect(missed.slice(0, 3)).toEqual([]);
    expect([...faults].sort()).toEqual(
      ["cut-off", "duplicate", "edited", "gap", "missing", "order", "other-key"].concat([
        "rewritten",
        "tips",
        "unlinked",
        "unsealed",
      ]),
    );
  });
});

describe("Seals", () => {
  it("A seal names the one before it, and the first names none", () => {
    expect(first.seal.previous).toBe(CHAIN_START);
    expect(second.seal.previous).toBe(sealHash(first.seal));
  });

  it("An empty day has a seal", () => {
    const content = { day: DAYS[0], key: "k", policyHashes: [], counts: {}, late: [] };
    const { seal } = sealOf({ ...content, tips: [], before: undefined });
    expect(seal).toMatchObject({ size: 0, root: expect.stringMatching(/^e3b0c442/) });
  });

  it("Seals do not depend on the order of what they are made of", () => {
    const late = [
      { chain: "EVID#b", seq: 1, day: DAYS[0] },
      { chain: "EVID#a", seq: 2, day: DAYS[0] },
      { chain: "EVID#a", seq: 1, day: DAYS[0] },
    ];
    const content = { day: DAYS[0], key: "k", counts: {}, before: undefined };
    const one = sealOf({ ...content, tips: first.tips, late, policyHashes: ["b", "a", "a"] });
    const other = sealOf({
      ...content,
      tips: [...first.tips].reverse(),
      late: [...late].reverse(),
      policyHashes: ["a", "b"],
    });
    expect(one).toEqual(other);
  });

  it("A seal that its own key signed does not hold with a wrong size, or chains out of order", () => {
    const tips = [...first.tips].reverse();
    const content = { ...first.seal, tips, before: undefined };
    const signed = (seal: typeof first.seal) => ({
      seal,
      tips,
      signature: signer.sign(sealText(seal)),
    });
    const sized = { ...first.seal, size: first.seal.size + 1 };
    const unsorted = { ...sealOf(content).seal, root: tipsRoot(tips) };
    const wrong = [{ ...signed(sized), tips: first.tips }, signed(unsorted)];
    for (const sealed of wrong)
      expect(verifySeals([sealed], signer).faults).toMatchObject([{ fault: "tips" }]);
  });

  it("One chain is proven under the root without the others", () => {
    const leaves = second.tips.map(leafText);
    const proof = inclusionProof(leaves, 1);
    const place = { index: 1, size: leaves.length, proof, root: second.seal.root };
    expect(isIncluded({ leaf: leaves[1] ?? "", ...place })).toBe(true);
    expect(isIncluded({ leaf: leaves[0] ?? "", ...place })).toBe(false);
  });

  it("The day after is known at the end of a year, and of no day that is none", () => {
    expect([dayAfter("2027-12-31"), dayAfter("2028-02-28")]).toEqual(["2028-01-01", "2028-02-29"]);
    expect([dayAfter("2026-13-01"), dayAfter("today")]).toEqual([undefined, undefined]);
  });
});

describe("Periods", () => {
  it("A seal of a day that was not over when it was verified is of the future", () => {
    const faultsOn = (today: string) =>
      verifySeals([first, second, third], signer, { today }).faults;
    expect(faultsOn("2026-11-27")).toEqual([]);
    expect(faultsOn(DAYS[2])).toMatchObject([{ day: DAYS[2], fault: "future" }]);
  });

  it("A seal that names disputed records has a fault for each, and its tips count", () => {
    const disputed = [{ chain: "AUDIT#x", seq: 4, hash: "a".repeat(64) }];
    const { seal, tips } = sealOf({ ...first.seal, tips: first.tips, before: undefined, disputed });
    const sealed = { seal, tips, signature: signer.sign(sealText(seal)) };
    const found = verifySeals([sealed], signer);
    expect(found.faults).toMatchObject([{ day: DAYS[0], fault: "disputed" }]);
    expect(found.faults[0]?.detail).toContain("record 4 of AUDIT#x");
    expect(found.tips).toHaveLength(first.tips.length);
  });

  it("Seals of a part of the days hold, if that part was asked for", () => {
    expect(verifySeals([second, third], signer, { from: DAYS[1], until: DAYS[2] }).faults).toEqual(
      [],
    );
    expect(verifySeals([second, third], signer).faults).toMatchObject([
      { day: DAYS[1], fault: "unlinked" },
    ]);
  });

  it("Without any seal, the first day of the period is missing", () => {
    expect(verifySeals([], signer, { from: DAYS[0], until: DAYS[2] }).faults).toMatchObject([
      { day: DAYS[0], fault: "missing" },
    ]);
    expect(verifySeals([], signer, { until: DAYS[2] }).faults).toMatchObject([{ day: DAYS[2] }]);
    expect(verifySeals([], signer)).toEqual({ faults: [], tips: [] });
  });

  it("Only days that hold give tips", () => {
    const { faults, tips } = verifySeals([first, { ...second, signature: "" }, third], signer);
    expect(faults).toMatchObject([{ day: DAYS[1], fault: "edited" }]);
    expect(new Set(tips.map(({ day }) => day))).toEqual(new Set([DAYS[0], DAYS[2]]));
  });

  it("A record after the last seal is counted, and one before the first was added", () => {
    const verifier = sealRecordVerifier([], { until: DAYS[1] });
    const record = { chain: "EVID#r9", seq: 1, hash: "h" };
    expect(verifier.add({ ...record, at: "2026-11-26T00:00:00.000Z" })).toBeUndefined();
    expect(verifier.add({ ...record, at: "2026-11-23T23:59:59.999Z" })?.fault).toBe("unsealed");
    expect(verifier.uncovered).toBe(1);
    expect(verifier.add({ ...record, at: "2026-11-25T23:59:59.999Z" })?.fault).toBe("unsealed");
  });
});
