import { beforeEach, describe, expect, it } from "vitest";
import { dueIn } from "../../lab/fakes/due-notices.ts";
import {
  NO_STOPS,
  type StopCopy,
  type StopDraft,
  type StopType,
  stopsAfter,
} from "../../shared/domain/stops/stops.ts";
import { CHAIN_START } from "../../shared/domain/values/hash-chain.ts";
import type { NoticeStore } from "../../shared/ports/notice-store.ts";
import type { StopCopyStore, StopStore } from "../../shared/ports/stop-store.ts";

interface Wanted {
  readonly type: StopType;
  readonly actor: string;
  readonly person: string | null;
  readonly at: string;
  readonly policyHash: string;
  readonly reason: string;
}

/** Carol suspends alice, unless something else is wanted. */
export function aStop(wanted: Partial<Wanted> = {}): StopDraft {
  const { person = "alice", reason = "her laptop is gone", ...changed } = wanted;
  return {
    type: "suspend",
    actor: "carol",
    at: "2026-11-24T10:00:00.000Z",
    policyHash: "a".repeat(64),
    ...changed,
    details: { person, reason, surface: "api", proof: { callerId: "AROA:carol" } },
  };
}

interface Stored {
  readonly store: StopStore;
  /** Over the same tables. */
  readonly notices: NoticeStore;
}

/** The guarantees of every StopStore. */
export function stopStoreContract(name: string, make: () => Promise<Stored>) {
  describe(`${name}: the chain of stops`, () => {
    let store: StopStore;
    let notices: NoticeStore;
    beforeEach(async () => {
      ({ store, notices } = await make());
    });

    it("Before the first record nobody is stopped", async () => {
      expect(await store.latest()).toEqual(NO_STOPS);
      expect(await store.since(0)).toEqual([]);
    });

    it("Each record follows the one before, and says who is stopped since", async () => {
      const first = await store.append(() => aStop());
      const second = await store.append(() => aStop({ type: "drain", person: null }));
      expect(first).toMatchObject({ seq: 1, previousHash: CHAIN_START });
      expect(second).toMatchObject({ seq: 2, previousHash: first.hash });
      expect(await store.latest()).toEqual(stopsAfter(second));
      expect(Object.keys((await store.latest()).people)).toEqual(["alice"]);
      expect(await store.since(0)).toEqual([first, second]);
      expect(await store.since(1)).toEqual([second]);
      expect(await store.since(2)).toEqual([]);
    });

    it("Each record makes its own notices due", async () => {
      await store.append(() => aStop());
      const { at } = await store.append(() => aStop({ person: "bob" }));
      expect((await dueIn(notices, at, 10)).toSorted()).toEqual(["stop-1", "stop-2"]);
      expect(await notices.load("stop-2")).toMatchObject({ wanted: 1, published: 0 });
    });

    it("The writer of a stop sees who is stopped, and a refusal stores nothing", async () => {
      const first = await store.append(() => aStop());
      const refuse = store.append((stops) => {
        expect(stops).toEqual(stopsAfter(first));
        throw new Error("refused");
      });
      await expect(refuse).rejects.toThrow("refused");
      expect(await store.since(0)).toEqual([first]);
    });

    it("The second of two at once sees the first", async () => {
      const draft = (person: string) => (stops: { readonly seq: number }) =>
        aStop({ person, reason: `after ${stops.seq}` });
      await Promise.all(["alice", "bob", "dave"].map((who) => store.append(draft(who))));
      const records = await store.since(0);
      expect(records.map(({ seq, details }) => [seq, details.reason])).toEqual([
        [1, "after 0"],
        [2, "after 1"],
        [3, "after 2"],
      ]);
      expect(Object.keys((await store.latest()).people).toSorted()).toEqual([
        "alice",
        "bob",
        "dave",
      ]);
    });
  });
}

/** The guarantees of every StopCopyStore. */
export function stopCopyContract(name: string, make: () => Promise<StopCopyStore>) {
  describe(`${name}: converge's copy of the stops`, () => {
    const drain = { by: "carol", at: "2026-11-24T10:00:00.000Z", reason: "all of it" };
    const drained: StopCopy = { seq: 2, hash: "b".repeat(64), people: {}, drain };

    it("It keeps a copy in the place of the one that it was made from", async () => {
      const store = await make();
      expect(await store.load()).toEqual(NO_STOPS);
      expect(await store.keep(drained, NO_STOPS)).toBe(true);
      expect(await store.load()).toEqual(drained);
      const alice = { ...drained, people: { alice: drain }, ahead: { ...drained, seq: 5 } };
      expect(await store.keep(alice, await store.load())).toBe(true);
      expect(await store.load()).toEqual(alice);
    });

    it("It keeps none over another one, whatever their numbers", async () => {
      const store = await make();
      await store.keep(drained, NO_STOPS);
      for (const copy of [
        { ...NO_STOPS, seq: 1 },
        { ...NO_STOPS, seq: 9 },
      ])
        expect(await store.keep(copy, NO_STOPS)).toBe(false);
      const other = { ...drained, people: { alice: drain } };
      expect(await store.keep({ ...drained, seq: 3 }, other)).toBe(false);
      expect(await store.load()).toEqual(drained);
    });
  });
}
