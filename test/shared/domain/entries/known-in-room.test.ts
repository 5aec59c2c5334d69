/** How many forgotten grants a ledger knows again, where somebody planted more than it has room for. */
import { describe, expect, it } from "vitest";
import { aFirstStep, anApproval, T0 } from "../../../../lab/fakes/builders.ts";
import { countedId } from "../../../../lab/fakes/counted-ids.ts";
import { LEDGER_BYTES, ledgerBytes } from "../../../../shared/domain/entries/bounds.ts";
import { knownInRoom } from "../../../../shared/domain/entries/known-in-room.ts";
import type { Forgotten } from "../../../../shared/domain/entries/unknown-ledger.ts";
import { aLedger, EDIT, LAG, ns } from "./situations.ts";

const forgotten = (at: number): Forgotten => {
  const { request } = aFirstStep({ id: countedId(at) });
  return { grant: anApproval(request).request, target: EDIT, elements: ns(`n${at}`) };
};
const many = Array.from({ length: 1_000 }, (_, at) => forgotten(at));
const known = (all: readonly Forgotten[], ...served: readonly number[]) =>
  knownInRoom(aLedger(), all, new Set(served.map(countedId)), T0, LAG);

describe("Forgotten grants that a ledger knows again", () => {
  it("All of a few are known", () => {
    expect(Object.keys(known(many.slice(0, 3)).begun)).toEqual([0, 1, 2].map(countedId));
  });

  it("If there are more than it has room for, those that a stored call names are known first", () => {
    const { begun } = known(many, 998, 999);
    expect(Object.keys(begun).length).toBeLessThan(many.length);
    expect(begun).toHaveProperty([countedId(998)]);
    expect(begun).toHaveProperty([countedId(999)]);
  });

  it("The ledger stays within its room, and takes up a part of the others", () => {
    const ledger = known(many, 999);
    expect(ledgerBytes(ledger)).toBeLessThanOrEqual(LEDGER_BYTES);
    expect(Object.keys(ledger.begun).length).toBeGreaterThan(100);
  });
});
