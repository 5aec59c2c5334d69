import { beforeEach, describe, expect, it } from "vitest";
import { aFirstStep, anApproval, aStep } from "../../lab/fakes/builders.ts";
import { countedId } from "../../lab/fakes/counted-ids.ts";
import type { Step } from "../../shared/domain/requests/lifecycle.ts";
import type { AccessRequest } from "../../shared/domain/requests/request.ts";
import type { Capacity, RequestStore } from "../../shared/ports/request-store.ts";

const ONE: Capacity = { open: 1, ending: 9 };

/** The guarantees of every RequestStore about extensions of a grant. */
export function extensionsContract(name: string, make: () => Promise<RequestStore>) {
  describe(`${name}: extensions of a grant`, () => {
    let store: RequestStore;
    beforeEach(async () => {
      store = await make();
    });

    const plain = (n: number) => aFirstStep({ id: countedId(n) });
    const extensionOf = ({ id }: Pick<AccessRequest, "id">, n: number) =>
      aFirstStep({ id: countedId(n), extends: id, until: "2026-11-24T12:00:00.000Z" });
    const active = async (n: number): Promise<AccessRequest> => {
      const first = plain(n);
      await store.create([first]);
      const approval = anApproval(first.request);
      await store.save(approval);
      const activation = aStep(approval.request, { type: "activate" });
      await store.save(activation);
      return activation.request;
    };
    const handOn = (grant: AccessRequest, extension: string): Step =>
      aStep(grant, { type: "extend", changes: { extendedBy: extension } });
    const open = (n: number) => ({ code: "extension-open", facts: { id: countedId(n) } });

    it("A grant has one pending extension, which is found by the grant", async () => {
      const grant = await active(1);
      expect(await store.pendingExtension(grant.id)).toBeUndefined();
      await store.create([extensionOf(grant, 2)]);
      expect(await store.pendingExtension(grant.id)).toBe(countedId(2));
      const again = { idempotency: { keyHash: "key", bodyHash: "body" } };
      await expect(store.create([extensionOf(grant, 3)], again)).rejects.toMatchObject(open(2));
      await expect(store.load(countedId(3))).rejects.toMatchObject({ code: "request-not-found" });
      expect(await store.idempotent("key")).toBeUndefined();
    });

    it("An extension that the policy approves is refused beside a pending one", async () => {
      const grant = await active(1);
      await store.create([extensionOf(grant, 2)]);
      const step = extensionOf(grant, 3);
      await expect(
        store.create([step, anApproval(step.request)], { beside: [handOn(grant, countedId(3))] }),
      ).rejects.toMatchObject(open(2));
      expect(await store.load(grant.id)).toEqual(grant);
    });

    it("One of several concurrent extensions of one grant is stored", async () => {
      const grant = await active(1);
      const results = await Promise.allSettled(
        [2, 3, 4, 5].map((n) => store.create([extensionOf(grant, n)])),
      );
      expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
      for (const result of results)
        if (result.status === "rejected")
          expect(result.reason).toMatchObject({ code: "extension-open" });
    });

    it.each<[string, (request: AccessRequest) => Step]>([
      ["denied", (request) => aStep(request, { type: "deny", actor: "bob" })],
      ["cancelled", (request) => aStep(request, { type: "cancel" })],
      ["lapsed", (request) => aStep(request, { type: "lapse" })],
      ["approved", (request) => anApproval(request)],
    ])("An extension that was %s is pending no longer", async (_end, end) => {
      const grant = await active(1);
      const first = extensionOf(grant, 2);
      await store.create([first]);
      await store.save(end(first.request));
      expect(await store.pendingExtension(grant.id)).toBeUndefined();
      await store.create([extensionOf(grant, 3)]);
      expect(await store.pendingExtension(grant.id)).toBe(countedId(3));
    });

    it("Each grant has an extension of its own, beside a request for the same access", async () => {
      const grants = [await active(1), await active(2)];
      for (const [at, grant] of grants.entries()) await store.create([extensionOf(grant, 3 + at)]);
      await store.create([plain(5)]);
      await expect(store.create([plain(6)])).rejects.toMatchObject({ code: "duplicate-request" });
    });

    it("An extension is not stored if its grant has changed since it was read", async () => {
      const grant = await active(1);
      await store.save(aStep(grant, { type: "return" }));
      const create = store.create([extensionOf(grant, 2)], { unchanged: grant });
      await expect(create).rejects.toMatchObject({ code: "version-conflict" });
      expect(await store.pendingExtension(grant.id)).toBeUndefined();
      const other = await active(3);
      await store.create([extensionOf(other, 4)], { unchanged: other });
      expect(await store.load(other.id)).toEqual(other);
    });

    it("Steps beside another are stored with it, each with its event", async () => {
      const grant = await active(1);
      const first = extensionOf(grant, 2);
      await store.create([first]);
      const approval = anApproval(first.request);
      const step = handOn(grant, first.request.id);
      await store.save(approval, { beside: [step] });
      expect(await store.load(grant.id)).toEqual(step.request);
      expect(await store.load(first.request.id)).toEqual(approval.request);
      expect((await store.history(grant.id)).at(-1)?.type).toBe("extend");
      const ends = [
        aStep(step.request, { type: "revoke" }),
        aStep(approval.request, { type: "revoke" }),
      ];
      const [one, ...others] = ends;
      if (one) await store.save(one, { beside: others });
      for (const { request } of ends) expect(await store.load(request.id)).toEqual(request);
    });

    it("A conflict of a step beside another stores nothing of either", async () => {
      const grant = await active(1);
      const first = extensionOf(grant, 2);
      await store.create([first]);
      await store.save(aStep(grant, { type: "return" }));
      const save = store.save(anApproval(first.request), {
        beside: [handOn(grant, first.request.id)],
      });
      await expect(save).rejects.toMatchObject({ code: "version-conflict" });
      expect(await store.load(first.request.id)).toEqual(first.request);
      expect(await store.pendingExtension(grant.id)).toBe(first.request.id);
      const made = extensionOf(grant, 3);
      await store.save(aStep(first.request, { type: "lapse" }));
      const create = store.create([made, anApproval(made.request)], {
        beside: [handOn(grant, made.request.id)],
      });
      await expect(create).rejects.toMatchObject({ code: "version-conflict" });
      await expect(store.load(made.request.id)).rejects.toMatchObject({
        code: "request-not-found",
      });
    });

    it("A grant that ends and its pending extension are stored together", async () => {
      const grant = await active(1);
      const first = extensionOf(grant, 2);
      await store.create([first], { mostPending: 1 });
      const cancel = aStep(first.request, { type: "cancel" });
      await store.save(aStep(grant, { type: "return" }), { beside: [cancel] });
      expect((await store.load(first.request.id)).state).toBe("cancelled");
      expect(await store.pendingExtension(grant.id)).toBeUndefined();
      await store.create([aFirstStep({ id: countedId(3) })], { mostPending: 1 });
    });

    it("An extension takes its grant's place under the capacity, until its own end", async () => {
      const grant = await active(1);
      const first = extensionOf(grant, 2);
      await store.create([first]);
      const approval = anApproval(first.request);
      const step = handOn(grant, first.request.id);
      await store.save(approval, { beside: [step] });
      const third = aFirstStep({ id: countedId(3) });
      await store.create([third]);
      const approve = () => store.save(anApproval(third.request), { capacity: ONE });
      const full = { code: "too-many-grants", facts: { open: 1 } };
      await expect(approve()).rejects.toMatchObject(full);
      const over = aStep(step.request, { type: "expire" });
      await store.save(over);
      await store.save(aStep(over.request, { type: "settle" }));
      await expect(approve()).rejects.toMatchObject({ ...full, facts: { open: 1, ending: 0 } });
      await store.save(aStep(approval.request, { type: "cancel" }));
      await approve();
    });
  });
}
