/** How the oracle judges what others and the broker changed at almost the same time. */
import { describe, expect, it } from "vitest";
import { settle } from "../../../../lab/simulation/oracle/settle.ts";
import { keyOf } from "../../../../lab/simulation/oracle/truth.ts";
import { addressOf, bindingAt, CLUSTERS, EDIT } from "../../../../lab/simulation/sim-policy.ts";
import { instantOf } from "../../../../lab/simulation/virtual-time.ts";
import { makeWorld } from "../../../../lab/simulation/world.ts";
import {
  type ElementKnowledge,
  type Ledger,
  openLedger,
  UNKNOWN_ELEMENT,
} from "../../../../shared/domain/entries/ledger.ts";

const SECOND = 1_000;
const HOUR = 3_600 * SECOND;
const ADDRESS = addressOf("one", "oncall");
const BINDING = bindingAt(ADDRESS);
const ELEMENT = "ns/app-a";
const KEY = keyOf(EDIT, ELEMENT);

/** One element on an entry, which others and the broker have just changed. */
function unclear() {
  const options = { without: new Set<never>(), slack: "healthy", evidence: "absent" } as const;
  const world = makeWorld(1, options, () => undefined);
  const { oracle, entries, time, ledgers } = world;
  oracle.watchOver(BINDING, "one/oncall", ADDRESS);
  const truth = oracle.truths.get(BINDING);
  if (!truth) throw new Error("The oracle watches over nothing.");
  entries.edit(ADDRESS, () => ({ targets: { [EDIT]: [ELEMENT] } }));
  truth.edits.set(KEY, time.now);
  truth.ambiguous.set(KEY, time.now);
  return {
    truth,
    /** The broker's ledger about it. */
    known(state: ElementKnowledge["state"]) {
      const at = { binding: BINDING, clusterArn: CLUSTERS["one"] ?? "", principalArn: "" };
      const targets = { [EDIT]: { [ELEMENT]: { ...UNKNOWN_ELEMENT, state } } };
      ledgers.set(BINDING, { ...openLedger(at), targets } satisfies Ledger);
    },
    takenAway: () => entries.edit(ADDRESS, () => ({ targets: {} })),
    /** A fuse takes it, long after the broker looked last. @returns the invariants that this breaks */
    fuseFires(): readonly string[] {
      truth.baseline.set(EDIT, [ELEMENT]);
      truth.lookedAt = time.now;
      const at = instantOf(time.now);
      oracle.fuseFires(truth, { name: "fuse", address: ADDRESS, target: EDIT, at });
      return oracle.violations.map(({ invariant }) => invariant);
    },
    settle: (isLast?: boolean) => settle(oracle.facts, truth, isLast),
    /** Lets time pass, and says which invariants are broken. */
    async passes(millis: number): Promise<readonly string[]> {
      let isOver = false;
      time.after(millis, () => {
        oracle.inspect(truth);
        isOver = true;
      });
      await time.run(() => isOver);
      return oracle.violations.map(({ invariant }) => invariant);
    },
  };
}

describe("a fuse that fires on what others have on its target", () => {
  it("A fuse takes nothing that is certainly of others", () => {
    const { truth, fuseFires } = unclear();
    truth.ambiguous.clear();
    expect(fuseFires()).toEqual(["fuse-aimed"]);
  });

  it.each([
    [60, []],
    [61, ["fuse-aimed"]],
  ])(
    "Nobody can cancel the second time that a fuse fires, %i s after the first",
    (seconds, broken) => {
      const { truth, fuseFires } = unclear();
      truth.firedAt.set("fuse", (truth.edits.get(KEY) ?? 0) - seconds * SECOND);
      truth.ambiguous.clear();
      expect(fuseFires()).toEqual(broken);
    },
  );

  it("A fuse may take what may be of either, and everything on such an entry", () => {
    expect(unclear().fuseFires()).toEqual([]);
    const { truth, fuseFires } = unclear();
    truth.ambiguous.clear();
    truth.entryAmbiguous = true;
    expect(fuseFires()).toEqual([]);
  });
});

describe("elements that others and the broker changed at almost the same time", () => {
  it("Either owner is right while a read may still miss the change", async () => {
    const { truth, passes } = unclear();
    expect(await passes(SECOND)).toEqual([]);
    expect(truth.ambiguous.has(KEY)).toBe(true);
  });

  it("It is judged once no read can miss it, and nothing is left for the broker to look at", async () => {
    const { truth, passes } = unclear();
    await passes(HOUR);
    expect(truth.ambiguous.size).toBe(0);
  });

  it("An element that only the broker can have put there must go, whatever its ledger says", async () => {
    const { known, passes, truth } = unclear();
    known("baseline");
    truth.lookedAt = truth.edits.get(KEY) ?? 0;
    expect(await passes(HOUR * 2)).toContain("no-return");
  });

  it("An element that may be of others stays where the ledger takes it for theirs", async () => {
    const { known, truth, passes, takenAway } = unclear();
    truth.theirsAt.set(KEY, truth.edits.get(KEY) ?? 0);
    known("baseline");
    expect(await passes(HOUR * 2)).toEqual([]);
    expect(truth.baseline.get(EDIT)).toEqual([ELEMENT]);
    // From then on it is theirs.
    takenAway();
    expect(await passes(SECOND)).toContain("others-keep");
  });

  it("An element that may be of others must go where the ledger takes it for lent", async () => {
    const { known, truth, passes } = unclear();
    truth.theirsAt.set(KEY, truth.edits.get(KEY) ?? 0);
    known("lent");
    expect(await passes(HOUR * 2)).toContain("no-return");
  });

  it("An element that others had long before does not become theirs", async () => {
    const { truth, passes } = unclear();
    truth.theirsAt.set(KEY, (truth.edits.get(KEY) ?? 0) - HOUR);
    expect(await passes(HOUR)).toContain("no-return");
  });

  it("An element that is gone is nobody's any more", async () => {
    const { truth, takenAway, passes } = unclear();
    truth.baseline.set(EDIT, [ELEMENT]);
    takenAway();
    expect(await passes(HOUR)).toEqual([]);
    expect(truth.baseline.get(EDIT)).toEqual([]);
  });

  it("A broker that has something in its ledger is waited for: a run, or a drift check and the recovery", async () => {
    const { known, truth, passes } = unclear();
    known("lent");
    await passes(600 * SECOND);
    expect(truth.ambiguous.size).toBe(1);
    truth.lookedAt = (truth.edits.get(KEY) ?? 0) + 599 * SECOND;
    await passes(SECOND);
    expect(truth.ambiguous.size).toBe(0);
  });

  it("Nothing is judged while a change of ours is under way, not even at the end", () => {
    const { truth, settle } = unclear();
    truth.changesUnderWay = 1;
    settle(true);
    expect(truth.ambiguous.size).toBe(1);
    truth.changesUnderWay = 0;
    settle(true);
    expect(truth.ambiguous.size).toBe(0);
  });

  it("Everything on an entry is judged with it, each element by itself", async () => {
    const { truth, passes } = unclear();
    truth.ambiguous.clear();
    truth.entryAmbiguous = true;
    truth.entryAmbiguousFrom = truth.edits.get(KEY) ?? 0;
    expect(await passes(HOUR)).toContain("no-return");
    expect(truth.entryAmbiguous).toBe(false);
  });
});
