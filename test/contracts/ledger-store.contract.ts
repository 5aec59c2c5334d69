import { beforeEach, describe, expect, it } from "vitest";
import { ALICE, PROD, T0 } from "../../lab/fakes/builders.ts";
import { ITEM_BYTES, ledgerBytes } from "../../shared/domain/entries/bounds.ts";
import {
  type ElementKnowledge,
  emptied,
  type Ledger,
  openLedger,
  UNKNOWN_ELEMENT,
} from "../../shared/domain/entries/ledger.ts";
import {
  LedgerConflict,
  type LedgerStore,
  LedgerTooLarge,
} from "../../shared/ports/ledger-store.ts";

const BINDING = "b".repeat(64);
const ledger = openLedger({ binding: BINDING, clusterArn: PROD.arn, principalArn: ALICE });
const FUSE = { name: "f-1", target: "groups", at: T0, sure: true };

/** An element with every time that it can have. */
const SEEN: ElementKnowledge = {
  state: "lent",
  absenceFrom: T0,
  presenceFrom: T0,
  carriedUntil: T0,
  openUntil: T0,
};

/** A ledger of this number of namespaces, with the longest names. */
const withNamespaces = (count: number, element = SEEN): Ledger => ({
  ...ledger,
  targets: {
    groups: Object.fromEntries(
      Array.from({ length: count }, (_, at) => [`ns/${`n${at}-`.padEnd(63, "x")}`, element]),
    ),
  },
});

/** The most namespaces whose ledger is no larger than `bytes`. */
const most = (bytes: number, element = SEEN): number => {
  const [none, one] = [0, 1].map((count) => ledgerBytes(withNamespaces(count, element)));
  return Math.floor((bytes - (none ?? 0)) / ((one ?? 0) - (none ?? 0)));
};

/** The guarantees of every LedgerStore. `make` returns an empty one. */
export function ledgerStoreContract(name: string, make: () => Promise<LedgerStore>) {
  describe(`${name} as a LedgerStore`, () => {
    let store: LedgerStore;
    beforeEach(async () => {
      store = await make();
    });

    it("A binding that was never saved has no ledger", async () => {
      expect(await store.load(BINDING)).toBeUndefined();
    });

    it("A save returns the stored ledger with the next revision, including nulls and empty parts", async () => {
      const full: Ledger = {
        ...ledger,
        entry: { ...ledger.entry, owned: true, tokens: ["t"] },
        targets: { groups: {} },
        fuses: [FUSE],
      };
      const saved = await store.save(full);
      expect(saved).toEqual({ ...full, revision: 1 });
      expect(await store.load(BINDING)).toEqual(saved);
    });

    it("A save increases the revision by one and keeps nothing of the old ledger", async () => {
      const first = await store.save({ ...ledger, fuses: [FUSE] });
      const second = await store.save({ ...first, fuses: [] });
      expect(second).toEqual({ ...ledger, revision: 2 });
      expect(await store.load(BINDING)).toEqual(second);
    });

    it("An emptied ledger keeps its revision", async () => {
      const saved = await store.save({ ...ledger, fuses: [FUSE] });
      const empty = await store.save(emptied(saved));
      expect(empty).toEqual({ ...ledger, revision: 2 });
      await expect(store.save(ledger)).rejects.toBeInstanceOf(LedgerConflict);
    });

    it("A save from a revision that is not the stored one is refused and writes nothing", async () => {
      const saved = await store.save(ledger);
      const newer = await store.save({ ...saved, principalId: "AROANEWER" });
      for (const late of [ledger, saved, { ...newer, revision: 3 }])
        await expect(store.save({ ...late, fuses: [FUSE] })).rejects.toBeInstanceOf(LedgerConflict);
      expect(await store.load(BINDING)).toEqual(newer);
    });

    it("A save from a later revision is refused if no ledger exists", async () => {
      await expect(store.save({ ...ledger, revision: 4 })).rejects.toBeInstanceOf(LedgerConflict);
      expect(await store.load(BINDING)).toBeUndefined();
    });

    it.each(["the first", "a later"])(
      "One of several concurrent saves of %s revision succeeds",
      async (at) => {
        const from = at === "the first" ? ledger : await store.save(ledger);
        const ids = ["AROA1", "AROA2", "AROA3"];
        const saves = ids.map((principalId) => store.save({ ...from, principalId }));
        const results = await Promise.allSettled(saves);
        const won = results.filter((result) => result.status === "fulfilled");
        expect(won).toHaveLength(1);
        for (const result of results)
          if (result.status === "rejected") expect(result.reason).toBeInstanceOf(LedgerConflict);
        expect(await store.load(BINDING)).toEqual(won[0]?.value);
      },
    );

    it("A saved ledger does not change with the object that was saved", async () => {
      const fuses = [FUSE];
      await store.save({ ...ledger, fuses });
      fuses.pop();
      expect((await store.load(BINDING))?.fuses).toEqual([FUSE]);
    });

    it("A ledger that is larger than an item may be is refused, and nothing is written", async () => {
      const fits = withNamespaces(most(ITEM_BYTES * 0.98));
      const saved = await store.save(fits);
      expect(saved).toEqual({ ...fits, revision: 1 });
      const larger = { ...withNamespaces(most(ITEM_BYTES * 1.02)), revision: 1 };
      await expect(store.save(larger)).rejects.toBeInstanceOf(LedgerTooLarge);
      expect(await store.load(BINDING)).toEqual(saved);
    });

    it("A large ledger has room for more elements of which little is known, and reads as it was saved", async () => {
      const owners: ElementKnowledge = { ...UNKNOWN_ELEMENT, state: "baseline", absenceFrom: T0 };
      const many = withNamespaces(most(ITEM_BYTES * 1.5, owners), owners);
      expect(ledgerBytes(many)).toBeGreaterThan(ITEM_BYTES * 1.4);
      expect(await store.save(many)).toEqual({ ...many, revision: 1 });
      expect(await store.load(BINDING)).toEqual({ ...many, revision: 1 });
    });

    it("Each binding has its own ledger", async () => {
      const other = { ...ledger, binding: "c".repeat(64), principalId: "AROAOTHER" };
      const saved = await store.save(ledger);
      await store.save(saved);
      expect(await store.save(other)).toEqual({ ...other, revision: 1 });
      expect(await store.load(BINDING)).toEqual({ ...ledger, revision: 2 });
    });
  });
}
