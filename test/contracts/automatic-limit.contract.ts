import { beforeEach, describe, expect, it } from "vitest";
import { aFirstStep, anApproval, T0 } from "../../lab/fakes/builders.ts";
import { countedId } from "../../lab/fakes/counted-ids.ts";
import type { AutomaticLimit } from "../../shared/domain/policy/automatic-limit.ts";
import { plusSeconds } from "../../shared/domain/values/instant.ts";
import type { RequestStore } from "../../shared/ports/request-store.ts";

/** The promises of `RequestStore.create` about automatic approvals. */
export function automaticLimitContract(name: string, newStore: () => Promise<RequestStore>): void {
  describe(`The automatic approvals of ${name}`, () => {
    let store: RequestStore;
    beforeEach(async () => {
      store = await newStore();
    });

    const limit = (over: Partial<AutomaticLimit> = {}): AutomaticLimit => ({
      person: "alice",
      rule: "view",
      times: 2,
      from: T0,
      until: plusSeconds(T0, 3_600),
      ...over,
    });
    const approved = (n: number, automatic = limit(), id = n) => {
      const first = aFirstStep({ id: countedId(id) });
      return store.create([first, anApproval(first.request)], { automatic });
    };

    it("One more than the limit is refused, with the instant from which it is possible, and nothing is stored", async () => {
      await approved(1);
      await approved(2);
      await expect(approved(3)).rejects.toMatchObject({
        code: "too-many-automatic",
        facts: { rule: "view", times: 2, nextAt: plusSeconds(T0, 3_600) },
      });
      await expect(store.load(countedId(3))).rejects.toMatchObject({ code: "request-not-found" });
      expect(await store.history(countedId(3))).toEqual([]);
    });

    it.each([
      ["person", { person: "bob" }],
      ["rule", { rule: "other" }],
      ["window", { from: plusSeconds(T0, 3_600), until: plusSeconds(T0, 7_200) }],
    ])("Each %s has its own count", async (_, over) => {
      await approved(1);
      await approved(2);
      await approved(3, limit(over));
      expect((await store.load(countedId(3))).state).toBe("approved");
    });

    it("Requests at the same time never exceed the limit", async () => {
      const results = await Promise.allSettled(
        Array.from({ length: 8 }, (_, at) => approved(at + 1, limit({ times: 3 }))),
      );
      expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(3);
    });

    it("A request that is refused for another reason does not count", async () => {
      await approved(1, limit(), 1);
      await expect(approved(2, limit(), 1)).rejects.toMatchObject({ code: "version-conflict" });
      await approved(3);
      expect((await store.load(countedId(3))).state).toBe("approved");
    });
  });
}
