import { beforeEach, describe, expect, it } from "vitest";
import { aFirstStep, anApproval, aStep, STAGING } from "../../lab/fakes/builders.ts";
import { countedId } from "../../lab/fakes/counted-ids.ts";
import type { Step } from "../../shared/domain/requests/lifecycle.ts";
import type { AccessRequest } from "../../shared/domain/requests/request.ts";
import type { Capacity, RequestStore } from "../../shared/ports/request-store.ts";

const TWO: Capacity = { open: 2, ending: 1 };

/** The guarantees of every RequestStore about the number of grants of a person in one binding. */
export function grantCapacityContract(name: string, make: () => Promise<RequestStore>) {
  describe(`${name}: the capacity of a person in a binding`, () => {
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
    const pending = async (n: number, changed: Parameters<typeof aFirstStep>[0] = {}) => {
      const step = first(n, changed);
      await store.create([step]);
      return step.request;
    };
    const approve = async (request: AccessRequest, capacity: Capacity | undefined = TWO) => {
      const approval = anApproval(request);
      await store.save(approval, { capacity });
      return approval.request;
    };
    const save = async (step: Step) => {
      await store.save(step);
      return step.request;
    };
    const full = { code: "too-many-grants" };

    it("A person gets as many approvals as the capacity allows, and nothing of the next is stored", async () => {
      for (const n of [1, 2]) await approve(await pending(n));
      const third = await pending(3);
      await expect(approve(third)).rejects.toMatchObject({
        ...full,
        facts: { person: "alice", open: 2, ending: 0, most: TWO },
      });
      expect(await store.load(third.id)).toEqual(third);
      expect(await store.history(third.id)).toHaveLength(1);
      expect((await store.grants({ limit: 10 })).items).toHaveLength(2);
    });

    it("The capacity applies to requests that the policy approves, and leaves their key unused", async () => {
      for (const n of [1, 2]) await approve(await pending(n));
      const step = first(3);
      const options = { capacity: TWO, idempotency: { keyHash: "key", bodyHash: "body" } };
      const created = store.create([step, anApproval(step.request)], options);
      await expect(created).rejects.toMatchObject(full);
      await expect(store.load(step.request.id)).rejects.toMatchObject({
        code: "request-not-found",
      });
      expect(await store.idempotent("key")).toBeUndefined();
    });

    it("A larger capacity gives access to the reserved places", async () => {
      for (const n of [1, 2]) await approve(await pending(n));
      const third = await pending(3);
      await expect(approve(third)).rejects.toMatchObject(full);
      const approved = await approve(third, { open: 3, ending: 1 });
      expect(await store.load(third.id)).toEqual(approved);
    });

    it("A save without a capacity is not limited", async () => {
      for (const n of [1, 2]) await approve(await pending(n));
      const third = await pending(3);
      await store.save(anApproval(third));
      expect((await store.load(third.id)).state).toBe("approved");
    });

    it("An approval that does not complete the quorum is not limited", async () => {
      for (const n of [1, 2]) await approve(await pending(n));
      const third = await pending(3);
      const half = aStep(third, { type: "approve", actor: "bob", to: "pending" });
      await store.save(half, { capacity: TWO });
      expect((await store.load(third.id)).version).toBe(2);
    });

    it("A grant counts once, even after it became active", async () => {
      const one = await approve(await pending(1));
      await save(aStep(one, { type: "activate" }));
      await approve(await pending(2));
      await expect(approve(await pending(3))).rejects.toMatchObject(full);
    });

    it("A grant that is ending counts separately, and no longer once it has ended", async () => {
      const [one, two] = [await approve(await pending(1)), await approve(await pending(2))];
      const ending = await save(aStep(one, { type: "revoke" }));
      await approve(await pending(3));
      await save(aStep(two, { type: "revoke" }));
      const fourth = await pending(4);
      await expect(approve(fourth)).rejects.toMatchObject({ facts: { open: 1, ending: 2 } });
      await save(aStep(ending, { type: "settle" }));
      await approve(fourth);
      await expect(approve(await pending(5))).rejects.toMatchObject({ facts: { open: 2 } });
    });

    it("A failed grant frees its place", async () => {
      const [one] = [await approve(await pending(1)), await approve(await pending(2))];
      await save(aStep(one, { type: "refuse" }));
      await approve(await pending(3));
    });

    it("Grants whose end was stored together are all counted", async () => {
      const two = [await approve(await pending(1)), await approve(await pending(2))];
      await store.saveAll(two.map((each) => aStep(each, { type: "expire" })));
      await expect(approve(await pending(3))).rejects.toMatchObject({
        facts: { open: 0, ending: 2 },
      });
      for (const n of [4, 5]) await approve(await pending(n), { open: 2, ending: 2 });
      await expect(approve(await pending(6), { open: 2, ending: 2 })).rejects.toMatchObject(full);
    });

    it.each([
      ["person", { requester: "carol" }],
      ["cluster", { cluster: STAGING }],
      ["principal", { principalArn: "arn:aws:iam::111122223333:role/people/carol" }],
    ])("Each %s has its own capacity", async (_what, changed) => {
      for (const n of [1, 2]) await approve(await pending(n));
      await approve(await pending(3, changed));
    });

    it("The capacity holds for concurrent approvals", async () => {
      const asked = await Promise.all([1, 2, 3, 4, 5].map((n) => pending(n)));
      const results = await Promise.allSettled(asked.map((each) => approve(each)));
      expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(2);
      for (const result of results)
        if (result.status === "rejected") expect(result.reason).toMatchObject(full);
    });

    it("A conflict is reported before the capacity", async () => {
      for (const n of [1, 2]) await approve(await pending(n));
      const third = await pending(3);
      await save(aStep(third, { type: "deny" }));
      await expect(approve(third)).rejects.toMatchObject({ code: "version-conflict" });
    });
  });
}
