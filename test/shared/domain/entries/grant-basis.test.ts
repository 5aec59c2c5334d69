import { describe, expect, it } from "vitest";
import { ALICE, PROD } from "../../../../lab/fakes/builders.ts";
import { isAsRecent } from "../../../../shared/domain/entries/grant-basis.ts";
import { emptied, type GrantBasis, openLedger } from "../../../../shared/domain/entries/ledger.ts";

const EMPTY = openLedger({ binding: "b", clusterArn: PROD.arn, principalArn: ALICE });
const ledger = (basis?: Partial<GrantBasis>) => ({
  ...EMPTY,
  revision: 7,
  ...(basis ? { basis: { revision: 7, version: 4, steps: {}, ...basis } } : {}),
});
const read = (version: number, grants: Readonly<Record<string, number>> = {}) => ({
  version,
  grants: Object.entries(grants).map(([id, version]) => ({ id, version })),
});

describe("Grants that are judged with a ledger", () => {
  it.each([
    ["read before the ledger's last save knew the binding", 3, false],
    ["read at the version that the save knew", 4, true],
    ["read at a later version", 5, true],
  ])("Grants %s", (_, version, isRecent) => {
    expect(isAsRecent(ledger({}), read(version))).toBe(isRecent);
  });

  it.each([
    ["without the run's own step", { g: 2 }, false],
    ["with the run's own step", { g: 3 }, true],
    ["with a later step", { g: 4 }, true],
    ["without the grant, which is over then", {}, true],
    ["with others that the run did not change", { g: 3, other: 1 }, true],
  ])("Grants %s count by their own versions", (_, grants, isRecent) => {
    expect(isAsRecent(ledger({ steps: { g: 3 } }), read(4, grants))).toBe(isRecent);
  });

  it.each([
    ["has no basis", ledger()],
    ["was saved by an earlier release since", ledger({ revision: 6 })],
  ])("Grants are read again where the ledger %s", (_, stored) => {
    expect(isAsRecent(stored, read(99))).toBe(false);
  });

  it("An emptied ledger keeps its basis, since a run may have read grants that it has forgotten", () => {
    expect(emptied(ledger({ version: 9 })).basis).toEqual({ revision: 7, version: 9, steps: {} });
  });
});
