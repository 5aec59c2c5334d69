import { beforeEach, describe, expect, it } from "vitest";
import type { Step } from "../../shared/domain/requests/lifecycle.ts";
import type { AccessRequest } from "../../shared/domain/requests/request.ts";
import type { Capacity, RequestStore } from "../../shared/ports/request-store.ts";
import { aFirstStep, anApproval, aStep, STAGING } from "../fakes/builders.ts";
import { countedId } from "../fakes/counted-ids.ts";

const TWO: Capacity = { open: 2, ending: 1 };

/** What every RequestStore promises of how many grants one person may have in one binding. */
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
      await store.save(approval, capacity);
      return approval.request;
    };
    const save = async (step: Step) => {
      await store.save(step);
      return step.request;
    };
    const full = { code: "too-many-grants" };

    it("takes as many approvals as it has places, and stores nothing of the next", async () => {
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

    it("holds for what policy approves as it is made, and leaves the key unused", async () => {
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

    it("is the asked one's alone: a reserved place is there for whoever may use it", async () => {
      for (const n of [1, 2]) await approve(await pending(n));
      const third = await pending(3);
      await expect(approve(third)).rejects.toMatchObject(full);
      const approved = await approve(third, { open: 3, ending: 1 });
      expect(await store.load(third.id)).toEqual(approved);
    });

    it("does not bind what asks for none", async () => {
      for (const n of [1, 2]) await approve(await pending(n));
      const third = await pending(3);
      await store.save(anApproval(third));
      expect((await store.load(third.id)).state).toBe("approved");
    });

    it("does not bind an approval that others have to add to", async () => {
      for (const n of [1, 2]) await approve(await pending(n));
      const third = await pending(3);
      const half = aStep(third, { type: "approve", actor: "bob", to: "pending" });
      await store.save(half, TWO);
      expect((await store.load(third.id)).version).toBe(2);
    });

    it("counts a grant once, also when it became active", async () => {
      const one = await approve(await pending(1));
      await save(aStep(one, { type: "activate" }));
      await approve(await pending(2));
      await expect(approve(await pending(3))).rejects.toMatchObject(full);
    });

    it("counts a grant that is ending apart, and no more once it has ended", async () => {
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

    it("has a place again where a grant failed", async () => {
      const [one] = [await approve(await pending(1)), await approve(await pending(2))];
      await save(aStep(one, { type: "refuse" }));
      await approve(await pending(3));
    });

    it("counts every one of the grants whose end was stored at once", async () => {
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
    ])("is another one's for another %s", async (_what, changed) => {
      for (const n of [1, 2]) await approve(await pending(n));
      await approve(await pending(3, changed));
    });

    it("holds where approvals come at once", async () => {
      const asked = await Promise.all([1, 2, 3, 4, 5].map((n) => pending(n)));
      const results = await Promise.allSettled(asked.map((each) => approve(each)));
      expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(2);
      for (const result of results)
        if (result.status === "rejected") expect(result.reason).toMatchObject(full);
    });

    it("gives way to a conflict: whoever was late hears of that first", async () => {
      for (const n of [1, 2]) await approve(await pending(n));
      const third = await pending(3);
      await save(aStep(third, { type: "deny" }));
      await expect(approve(third)).rejects.toMatchObject({ code: "version-conflict" });
    });
  });
}
