import { beforeEach, describe, expect, it } from "vitest";
import { T0 } from "../../lab/fakes/builders.ts";
import { countedId } from "../../lab/fakes/counted-ids.ts";
import type { EndNote, RequestStore } from "../../shared/ports/request-store.ts";

const NOTE: EndNote = { actor: "alice", at: T0, verb: "return" };

/** The guarantees of every RequestStore about notes of ends. */
export function endNotesContract(name: string, make: () => Promise<RequestStore>) {
  describe(`${name}: noted ends`, () => {
    let store: RequestStore;
    beforeEach(async () => {
      store = await make();
    });

    it("An end is noted of a request that is not there, and of no other", async () => {
      expect(await store.isEndNoted(countedId(1), "grant")).toBe(false);
      await store.noteEnd(countedId(1), NOTE);
      expect(await store.isEndNoted(countedId(1), "grant")).toBe(true);
      expect(await store.isEndNoted(countedId(2), "grant")).toBe(false);
    });

    it("A cancellation is an end of its request, and not of its chain, whatever else is noted of others", async () => {
      await store.noteEnd(countedId(1), { ...NOTE, verb: "cancel" });
      expect(await store.isEndNoted(countedId(1), "grant")).toBe(true);
      expect(await store.isEndNoted(countedId(1), "chain")).toBe(false);
      await store.noteEnd(countedId(2), NOTE);
      expect(await store.isEndNoted(countedId(1), "chain")).toBe(false);
      await store.noteEnd(countedId(1), NOTE);
      expect(await store.isEndNoted(countedId(1), "chain")).toBe(true);
    });

    it.each(["return", "revoke"] as const)("A %s means the whole chain", async (verb) => {
      await store.noteEnd(countedId(1), { ...NOTE, verb });
      expect(await store.isEndNoted(countedId(1), "chain")).toBe(true);
    });

    it("An end may be noted again, by the same person and by another one", async () => {
      await store.noteEnd(countedId(1), NOTE);
      await store.noteEnd(countedId(1), NOTE);
      await store.noteEnd(countedId(1), { ...NOTE, actor: "bob", verb: "revoke" });
      expect(await store.isEndNoted(countedId(1), "grant")).toBe(true);
    });
  });
}
