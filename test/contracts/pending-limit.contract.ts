import { beforeEach, describe, expect, it } from "vitest";
import { aFirstStep, anApproval, aStep } from "../../lab/fakes/builders.ts";
import { countedId } from "../../lab/fakes/counted-ids.ts";
import type { Step } from "../../shared/domain/requests/lifecycle.ts";
import type { AccessRequest } from "../../shared/domain/requests/request.ts";
import type { RequestStore } from "../../shared/ports/request-store.ts";

/** The guarantees of every RequestStore about the number of pending requests of a person. */
export function pendingLimitContract(name: string, make: () => Promise<RequestStore>) {
  describe(`${name}: the limit on a person's pending requests`, () => {
    let store: RequestStore;
    beforeEach(async () => {
      store = await make();
    });

    const first = (n: number, changed: Parameters<typeof aFirstStep>[0] = {}) =>
      aFirstStep({
        id: countedId(n),
        access: {
          policy: "AmazonEKSViewPolicy",
          scope: { type: "namespace", namespaces: [`n${n}`] },
        },
        ...changed,
      });
    const ask = async (n: number, changed: Parameters<typeof aFirstStep>[0] = {}) => {
      const step = first(n, changed);
      await store.create([step], { mostPending: 2 });
      return step.request;
    };
    const full = { code: "too-many-pending" };

    it("A person has as many pending requests as allowed, and nothing of the next is stored", async () => {
      for (const n of [2, 1]) await ask(n);
      const idempotency = { keyHash: "key", bodyHash: "body" };
      const third = store.create([first(3)], { mostPending: 2, idempotency, nonce: "n1" });
      await expect(third).rejects.toMatchObject({
        ...full,
        facts: { person: "alice", pending: 2, most: 2, oldest: countedId(1) },
      });
      await expect(store.load(countedId(3))).rejects.toMatchObject({ code: "request-not-found" });
      expect(await store.history(countedId(3))).toEqual([]);
      expect(await store.idempotent("key")).toBeUndefined();
      expect((await store.awaiting(["payments-leads"], { limit: 10 })).items).toHaveLength(2);
      await store.create([first(3)], { nonce: "n1" });
    });

    const LEAVING: Readonly<Record<string, (request: AccessRequest) => Step>> = {
      approved: (request) => anApproval(request),
      denied: (request) => aStep(request, { type: "deny", actor: "bob" }),
      cancelled: (request) => aStep(request, { type: "cancel", actor: "alice" }),
      lapsed: (request) => aStep(request, { type: "lapse" }),
    };
    it.each(Object.entries(LEAVING))(
      "A request that is %s frees one place",
      async (_end, leave) => {
        const [one] = [await ask(1), await ask(2)];
        await store.save(leave(one));
        await ask(3);
        await expect(ask(4)).rejects.toMatchObject(full);
      },
    );

    it("An approval that does not complete the quorum frees no place", async () => {
      const [one] = [await ask(1), await ask(2)];
      const half = aStep(one, { type: "approve", actor: "bob", to: "pending" });
      await store.save(half);
      await expect(ask(3)).rejects.toMatchObject(full);
      await store.save(anApproval(half.request));
      await ask(3);
    });

    it("Steps of a grant after its approval free no place", async () => {
      const approval = anApproval(await ask(1));
      await store.save(approval);
      for (const n of [2, 3]) await ask(n);
      await store.save(aStep(approval.request, { type: "cancel", actor: "alice" }));
      await expect(ask(4)).rejects.toMatchObject(full);
    });

    it("A request that was stored without a limit counts", async () => {
      for (const n of [1, 2]) await store.create([first(n)]);
      await expect(ask(3)).rejects.toMatchObject(full);
    });

    it("A request that the policy approves takes no place, and needs none", async () => {
      for (const n of [1, 2]) {
        const step = first(n);
        await store.create([step, anApproval(step.request)], { mostPending: 2 });
      }
      for (const n of [3, 4]) await ask(n);
      const step = first(5);
      await store.create([step, anApproval(step.request)], { mostPending: 2 });
      expect((await store.load(step.request.id)).state).toBe("approved");
    });

    it("Each person has their own limit", async () => {
      for (const n of [1, 2]) await ask(n);
      await ask(3, { requester: "carol" });
    });

    it("A request that is pending already is reported before the limit", async () => {
      for (const n of [1, 2]) await ask(n);
      const again = first(2, { id: countedId(3) });
      await expect(store.create([again], { mostPending: 2 })).rejects.toMatchObject({
        code: "duplicate-request",
        facts: { id: countedId(2) },
      });
    });

    it("The limit holds for concurrent requests", async () => {
      const results = await Promise.allSettled([1, 2, 3, 4].map((n) => ask(n)));
      expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(2);
      for (const result of results)
        if (result.status === "rejected") expect(result.reason).toMatchObject(full);
    });
  });
}
