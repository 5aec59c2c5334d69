import { beforeEach, describe, expect, it } from "vitest";
import { aFirstStep, anApproval, aStep } from "../../lab/fakes/builders.ts";
import { countedId } from "../../lab/fakes/counted-ids.ts";
import { NonceUsed, type RequestStore } from "../../shared/ports/request-store.ts";

const VIEW = {
  policy: "AmazonEKSViewPolicy",
  scope: { type: "namespace", namespaces: ["payments-api"] },
} as const;

/** The guarantees of every RequestStore about a nonce. `make` returns an empty one. */
export function noncesContract(name: string, make: () => Promise<RequestStore>) {
  describe(`${name} and messages that act once`, () => {
    let store: RequestStore;
    beforeEach(async () => {
      store = await make();
    });

    it("A message that created a request cannot act again, and writes nothing", async () => {
      const first = aFirstStep();
      await store.create([first], { nonce: "n1" });
      const other = aFirstStep({ id: countedId(2), access: VIEW });
      await expect(store.create([other], { nonce: "n1" })).rejects.toBeInstanceOf(NonceUsed);
      await expect(store.save(anApproval(first.request), { nonce: "n1" })).rejects.toBeInstanceOf(
        NonceUsed,
      );
      expect((await store.requestedBy("alice", { limit: 10 })).items).toEqual([first.request]);
      expect(await store.history(first.request.id)).toEqual([first.event]);
    });

    it("A message that stored a step cannot act again, on no request", async () => {
      const [one, two] = [aFirstStep(), aFirstStep({ id: countedId(2), access: VIEW })];
      await store.create([one]);
      await store.create([two]);
      const approval = anApproval(one.request);
      await store.save(approval, { nonce: "n1" });
      await expect(store.save(anApproval(two.request), { nonce: "n1" })).rejects.toBeInstanceOf(
        NonceUsed,
      );
      expect(await store.load(two.request.id)).toEqual(two.request);
      const denial = aStep(approval.request, { type: "cancel", actor: "alice" });
      await store.save(denial, { nonce: "n2" });
      expect((await store.load(one.request.id)).version).toBe(3);
    });

    it("A refused step does not use up its message", async () => {
      const first = aFirstStep();
      await store.create([first]);
      const approval = anApproval(first.request);
      const tooLate = { ...approval, event: { ...approval.event, seq: 9 } };
      await expect(
        store.save({ ...tooLate, request: { ...approval.request, version: 9 } }, { nonce: "n1" }),
      ).rejects.toMatchObject({ code: "version-conflict" });
      await store.save(approval, { nonce: "n1" });
      expect(await store.load(first.request.id)).toEqual(approval.request);
    });

    it("One of two steps under one nonce is stored where both arrive at once", async () => {
      const [one, two] = [aFirstStep(), aFirstStep({ id: countedId(2), access: VIEW })];
      await store.create([one]);
      await store.create([two]);
      const saves = [one, two].map(({ request }) =>
        store.save(aStep(request, { type: "deny", actor: "bob" }), { nonce: "n1" }),
      );
      const results = await Promise.allSettled(saves);
      const lost = results.filter((result) => result.status === "rejected");
      expect(lost).toMatchObject([{ reason: { name: "NonceUsed" } }]);
    });
  });
}
