/** Every chain and every pair of neighbours of small trees: absence is shown where it is so, and nowhere else. */
import { describe, expect, it } from "vitest";
import { proofsIn } from "../../../../../cli/audit/bundle-proofs.ts";
import { sealOf } from "../../../../../shared/domain/evidence/archive/seal.ts";
import type { BundleSeal } from "../../../../../shared/domain/evidence/report/bundle-seal.ts";
import { completeTo, gapsIn } from "../../../../../shared/domain/evidence/report/bundle-seal.ts";
import type { AuditEvent } from "../../../../../shared/domain/requests/audit-event.ts";

const ID = "m";
const OWN = [`AUDIT#${ID}`, `EVID#${ID}`];
const OTHERS = ["AUDIT#a", "AUDIT#z", "EVID#a", "EVID#z"];
const DAY = "2026-11-24";
const EVENTS = [{ requestId: ID, at: `${DAY}T10:00:00.000Z` } as AuditEvent];

function subsets<Item>(all: readonly Item[]): readonly (readonly Item[])[] {
  const found: (readonly Item[])[] = [[]];
  for (const item of all) found.push(...found.map((each) => [...each, item]));
  return found;
}

const sealed = (chains: readonly string[]) => ({
  ...sealOf({
    key: "k",
    day: DAY,
    policyHashes: [],
    counts: {},
    late: [],
    before: undefined,
    tips: chains.map((chain) => ({ chain, seq: 1, hash: "0".repeat(64) })),
  }),
  signature: "",
});

const shows = (seal: BundleSeal) => completeTo({ events: EVENTS, seals: [seal] });

describe("The seal of one day", () => {
  it("It shows of each chain that it changed, or that it did not", () => {
    for (const chains of subsets([...OWN, ...OTHERS]))
      expect(shows(proofsIn(sealed(chains), OWN)), chains.join()).toBe(DAY);
  });

  it("No choice of true leaves shows the absence of a chain that changed", () => {
    for (const chains of subsets([...OWN, ...OTHERS])) {
      const all = proofsIn(sealed(chains), chains).proofs;
      for (const own of OWN.filter((each) => chains.includes(each)))
        for (const neighbours of subsets(all.filter(({ tip }) => tip.chain !== own))) {
          const proofs = all.filter(({ tip }) => OWN.includes(tip.chain) && tip.chain !== own);
          const { seal, signature } = sealed(chains);
          const gaps = gapsIn({ events: EVENTS, seals: [{ seal, signature, proofs, neighbours }] });
          expect(gaps.map(({ detail }) => detail).join()).toContain(own);
        }
    }
  });
});

it("Seals from a later day on than the request's first event leave a gap", () => {
  const later = { requestId: ID, at: "2026-11-25T10:00:00.000Z" } as AuditEvent;
  const { seal, ...rest } = proofsIn(sealed(OWN), OWN);
  const seals = [{ ...rest, seal: { ...seal, day: "2026-11-25" } }];
  const [gap, ...others] = gapsIn({ events: [...EVENTS, later], seals });
  expect([gap?.detail, others]).toEqual([
    `The seals from ${DAY} to the day before it are missing.`,
    [],
  ]);
});
