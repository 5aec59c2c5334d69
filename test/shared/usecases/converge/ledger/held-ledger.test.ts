import { describe, expect, it } from "vitest";
import { ALICE, PROD } from "../../../../../lab/fakes/builders.ts";
import { memoryLedgerStore } from "../../../../../lab/fakes/memory-ledger-store.ts";
import {
  type Ledger,
  openLedger,
  UNKNOWN_ELEMENT,
} from "../../../../../shared/domain/entries/ledger.ts";
import { LedgerConflict, LedgerTooLarge } from "../../../../../shared/ports/ledger-store.ts";
import { HeldLedger } from "../../../../../shared/usecases/converge/held-ledger.ts";

const BINDING = "b".repeat(64);
const OPEN = openLedger({ binding: BINDING, clusterArn: PROD.arn, principalArn: ALICE });

/** Two runs that loaded the same ledger. */
function twoRuns() {
  const store = memoryLedgerStore();
  const run = (loaded: Ledger) =>
    new HeldLedger(loaded, {
      store,
      basis: () => ({ version: 1, steps: {} }),
      isHeld: async () => true,
    });
  return { store, first: run(OPEN), second: run(OPEN) };
}

describe("A fence", () => {
  it("A fence stops a run that was overtaken, also where that run knows nothing new", async () => {
    const { first, second } = twoRuns();
    await first.save();
    await expect(second.fence()).rejects.toThrow(LedgerConflict);
  });

  it("A fence keeps earlier runs from saving, also where its own run knows nothing new", async () => {
    const { first, second } = twoRuns();
    await second.fence();
    await expect(first.save()).rejects.toThrow(LedgerConflict);
  });

  it("A fence after a save of the same run writes nothing more", async () => {
    const { store, first } = twoRuns();
    await first.save();
    await first.fence();
    expect(store.ledgers.get(BINDING)?.revision).toBe(1);
  });
});

describe("A save without room", () => {
  const removed = { ...OPEN, targets: { edit: { "ns/a": UNKNOWN_ELEMENT } } };
  /** A run whose saves fail in turn. */
  const failing = (...failures: readonly Error[]) => {
    const left = [...failures];
    const saved: Ledger[] = [];
    const save = async (ledger: Ledger) => {
      saved.push(ledger);
      const failure = left.shift();
      if (failure) throw failure;
      return ledger;
    };
    const held = new HeldLedger(removed, {
      store: { ...memoryLedgerStore(), save },
      basis: () => ({ version: 1, steps: {} }),
      isHeld: async () => true,
    });
    return { held, saved };
  };

  it("It is tried once more without what the owner removed", async () => {
    const { held, saved } = failing(new LedgerTooLarge("too large"));
    await held.save();
    expect(saved.map(({ targets }) => targets)).toEqual([removed.targets, { edit: {} }]);
    expect(held.isTooLarge).toBe(false);
  });

  it("Where that has no room either, the run knows that its ledger is too large", async () => {
    const { held } = failing(new LedgerTooLarge("too large"), new LedgerTooLarge("still"));
    await expect(held.save()).rejects.toThrow(LedgerTooLarge);
    expect(held.isTooLarge).toBe(true);
  });

  it("Where another run saved meanwhile, it says so, and not that there is no room", async () => {
    const { held } = failing(new LedgerTooLarge("too large"), new LedgerConflict("overtaken"));
    await expect(held.save()).rejects.toThrow(LedgerConflict);
    expect(held.isTooLarge).toBe(false);
  });
});
