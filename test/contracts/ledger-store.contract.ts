import { beforeEach, describe, expect, it } from "vitest";
import { openLedger } from "../../shared/domain/ledger.ts";
import type { LedgerStore } from "../../shared/ports/ledger-store.ts";
import { ALICE, PROD } from "../fakes/builders.ts";

const BINDING = "b".repeat(64);
const ledger = openLedger(
  { binding: BINDING, clusterArn: PROD.arn, principalArn: ALICE },
  "token-1",
);

/** What every LedgerStore promises. `make` answers an empty one. */
export function ledgerStoreContract(name: string, make: () => Promise<LedgerStore>) {
  describe(`${name} as a LedgerStore`, () => {
    let store: LedgerStore;
    beforeEach(async () => {
      store = await make();
    });

    it("has none for a binding that was never saved", async () => {
      expect(await store.load(BINDING)).toBeUndefined();
    });

    it("reads back what was saved, down to nulls and empty sets", async () => {
      const full = {
        ...ledger,
        owned: true,
        targets: { groups: { baseline: [], seen: ["group/admins"], attempted: [] } },
        fuses: { groups: "2026-11-24T10:00:00.000Z" },
      };
      await store.save(full);
      expect(await store.load(BINDING)).toEqual(full);
    });

    it("keeps nothing of what it replaces", async () => {
      await store.save({ ...ledger, fuses: { groups: "2026-11-24T10:00:00.000Z" } });
      await store.save(ledger);
      expect(await store.load(BINDING)).toEqual(ledger);
    });

    it("keeps what was saved, whatever its owner makes of the parts afterwards", async () => {
      const fuses: Record<string, string> = { groups: "2026-11-24T10:00:00.000Z" };
      await store.save({ ...ledger, fuses });
      delete fuses["groups"];
      expect((await store.load(BINDING))?.fuses).toEqual({ groups: "2026-11-24T10:00:00.000Z" });
    });

    it("keeps each binding's own", async () => {
      const other = { ...ledger, binding: "c".repeat(64), token: "token-2" };
      await store.save(ledger);
      await store.save(other);
      await store.remove(BINDING);
      expect(await store.load(BINDING)).toBeUndefined();
      expect(await store.load(other.binding)).toEqual(other);
    });

    it("removes what is not there without complaint", async () => {
      await store.remove(BINDING);
      expect(await store.load(BINDING)).toBeUndefined();
    });
  });
}
