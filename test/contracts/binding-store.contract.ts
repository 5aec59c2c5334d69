import { beforeEach, describe, expect, it } from "vitest";
import { bindingKey } from "../../shared/domain/binding.ts";
import { plusSeconds } from "../../shared/domain/instant.ts";
import type { AccessRequest } from "../../shared/domain/request.ts";
import type { BindingStore } from "../../shared/ports/binding-store.ts";
import type { RequestStore } from "../../shared/ports/request-store.ts";
import { ALICE, aFirstStep, anApproval, aStep, PROD, STAGING, T0 } from "../fakes/builders.ts";
import { countedId } from "../fakes/fixed-chance.ts";

export interface BindingStores {
  readonly requests: RequestStore;
  readonly bindings: BindingStore;
}

const BINDING = bindingKey(PROD.arn, ALICE);
const LONG_AFTER = "2027-01-01T00:00:00.000Z";

/** What every BindingStore promises, over the RequestStore that writes its heads. */
export function bindingStoreContract(name: string, make: () => Promise<BindingStores>) {
  describe(`${name} as a BindingStore`, () => {
    let requests: RequestStore;
    let bindings: BindingStore;
    beforeEach(async () => {
      ({ requests, bindings } = await make());
    });

    const grant = async (n: number, changed: Parameters<typeof aFirstStep>[0] = {}) => {
      const first = aFirstStep({
        id: countedId(n),
        access: {
          policy: "AmazonEKSViewPolicy",
          scope: { type: "namespace", namespaces: [`n${n}`] },
        },
        createdAt: plusSeconds(T0, n),
        ...changed,
      });
      const approval = anApproval(first.request);
      await requests.create([first, approval]);
      return approval.request;
    };
    const role = (n: number) => `arn:aws:iam::111122223333:role/people/p${n}`;
    const item = (kind: "binding" | "look") => (cluster: typeof PROD, n: number) => ({
      kind,
      binding: bindingKey(cluster.arn, role(n)),
      clusterArn: cluster.arn,
    });
    const due = item("binding");
    const look = item("look");
    const byId = (grants: readonly AccessRequest[]) =>
      grants.toSorted((a, b) => (a.id < b.id ? -1 : 1));

    describe("a view", () => {
      it("of a binding that was never used is empty, in version 0", async () => {
        expect(await bindings.view(BINDING)).toEqual({
          binding: BINDING,
          version: 0,
          attempts: 0,
          dueAt: null,
          grants: [],
        });
      });

      it("knows nothing of a request that is pending, or was denied", async () => {
        const first = aFirstStep();
        await requests.create([first]);
        await requests.save(aStep(first.request, { type: "deny" }));
        expect(await bindings.view(BINDING)).toMatchObject({ version: 0, grants: [] });
      });

      it("holds a request from its approval on, as it is now", async () => {
        const first = aFirstStep();
        await requests.create([first]);
        const approval = anApproval(first.request);
        await requests.save(approval);
        const active = aStep(approval.request, { type: "activate" });
        await requests.save(active);
        const view = await bindings.view(BINDING);
        expect(view).toMatchObject({ version: 2, attempts: 0 });
        expect(view.grants).toEqual([active.request]);
      });

      it("counts one version for a request that policy approved as it was made", async () => {
        const approved = await grant(1);
        expect(await bindings.view(BINDING)).toMatchObject({ version: 1, grants: [approved] });
      });

      it("holds every grant of the binding and none of another", async () => {
        const own = [await grant(1), await grant(2)];
        await grant(3, { cluster: STAGING });
        const view = await bindings.view(BINDING);
        expect(byId(view.grants)).toEqual(own);
        expect(view.version).toBe(2);
      });

      it("loses a grant with its last step, and still counts that step", async () => {
        const ending = aStep(await grant(1), { type: "revoke" });
        await requests.save(ending);
        expect((await bindings.view(BINDING)).grants).toEqual([ending.request]);
        await requests.save(aStep(ending.request, { type: "settle" }));
        expect(await bindings.view(BINDING)).toMatchObject({ version: 3, grants: [] });
      });

      it("loses a grant that failed", async () => {
        await requests.save(aStep(await grant(1), { type: "refuse" }));
        expect(await bindings.view(BINDING)).toMatchObject({ version: 2, grants: [] });
      });

      it("counts every one of the steps that were stored at once", async () => {
        const approved = [await grant(1), await grant(2), await grant(3)];
        await Promise.all(approved.map((each) => requests.save(aStep(each, { type: "activate" }))));
        const view = await bindings.view(BINDING);
        expect(view.version).toBe(6);
        expect(view.grants.map(({ state }) => state)).toEqual(["active", "active", "active"]);
      });
    });

    describe("what is due", () => {
      it("is a binding from the instant of each of its steps", async () => {
        await grant(5);
        expect(await bindings.due(plusSeconds(T0, 4), 10)).toEqual([]);
        expect(await bindings.due(plusSeconds(T0, 5), 10)).toEqual([
          { kind: "binding", binding: BINDING, clusterArn: PROD.arn },
        ]);
      });

      it("is a pending request from the instant at which it lapses, and no other", async () => {
        const first = aFirstStep({ lapsesAt: plusSeconds(T0, 100) });
        await requests.create([first]);
        expect(await bindings.due(plusSeconds(T0, 99), 10)).toEqual([]);
        expect(await bindings.due(plusSeconds(T0, 100), 10)).toEqual([
          { kind: "lapse", requestId: first.request.id },
        ]);
        await requests.save(aStep(first.request, { type: "lapse", at: plusSeconds(T0, 100) }));
        expect(await bindings.due(LONG_AFTER, 10)).toEqual([]);
      });

      it("is what was parked, from then on", async () => {
        await grant(1);
        const { version } = await bindings.view(BINDING);
        await bindings.park(BINDING, version, {
          dueAt: plusSeconds(T0, 90),
          lookAt: null,
          attempts: 3,
        });
        expect(await bindings.due(plusSeconds(T0, 89), 10)).toEqual([]);
        expect(await bindings.due(plusSeconds(T0, 90), 10)).toHaveLength(1);
        expect(await bindings.view(BINDING)).toMatchObject({
          version,
          attempts: 3,
          dueAt: plusSeconds(T0, 90),
        });
      });

      it("is not what was parked for good, until its next step", async () => {
        const approved = await grant(1);
        await bindings.park(BINDING, 1, { dueAt: null, lookAt: null, attempts: 0 });
        expect(await bindings.due(LONG_AFTER, 10)).toEqual([]);
        await requests.save(aStep(approved, { type: "activate", at: plusSeconds(T0, 30) }));
        expect(await bindings.due(plusSeconds(T0, 30), 10)).toHaveLength(1);
      });

      it("stays due where somebody stored a step since: parking does nothing then", async () => {
        const approved = await grant(1);
        const { version } = await bindings.view(BINDING);
        await requests.save(aStep(approved, { type: "activate" }));
        await bindings.park(BINDING, version, { dueAt: null, lookAt: null, attempts: 7 });
        expect(await bindings.due(LONG_AFTER, 10)).toHaveLength(1);
        expect(await bindings.view(BINDING)).toMatchObject({ version: 2, attempts: 0 });
      });

      it("is nothing of a binding that was parked but never used", async () => {
        await bindings.park(BINDING, 0, { dueAt: T0, lookAt: null, attempts: 1 });
        expect(await bindings.due(LONG_AFTER, 10)).toEqual([]);
        expect(await bindings.view(BINDING)).toMatchObject({ version: 0, attempts: 0 });
      });

      it("begins to count attempts anew with each step", async () => {
        const approved = await grant(1);
        await bindings.park(BINDING, 1, { dueAt: T0, lookAt: null, attempts: 5 });
        await requests.save(aStep(approved, { type: "activate" }));
        expect((await bindings.view(BINDING)).attempts).toBe(0);
      });

      it("comes in turn over clusters, longest due first within each, up to the limit", async () => {
        for (const n of [2, 1, 3, 4]) await grant(n, { principalArn: role(n) });
        for (const n of [5, 6]) await grant(n, { principalArn: role(n), cluster: STAGING });
        expect(await bindings.due(plusSeconds(T0, 60), 5)).toEqual([
          due(PROD, 1),
          due(STAGING, 5),
          due(PROD, 2),
          due(STAGING, 6),
          due(PROD, 3),
        ]);
      });

      it("has every cluster's turn, however much longer the items of another are due", async () => {
        const down = Array.from({ length: 40 }, (_, at) => at + 1);
        await Promise.all(down.map((n) => grant(n, { principalArn: role(n) })));
        await grant(90, { principalArn: role(90), cluster: STAGING });
        expect(await bindings.due(plusSeconds(T0, 90), 2)).toEqual([
          due(PROD, 1),
          due(STAGING, 90),
        ]);
      });
    });

    describe("a look", () => {
      /** A grant with nothing to do before it is to be looked at, which is so many seconds after T0. */
      const lent = async (n: number, seconds: number, cluster = PROD) => {
        const request = await grant(n, { principalArn: role(n), cluster });
        const binding = bindingKey(cluster.arn, role(n));
        const lookAt = plusSeconds(T0, seconds);
        await bindings.park(binding, 1, { dueAt: null, lookAt, attempts: 0 });
        return request;
      };
      const numbers = (least: number, most: number) =>
        Array.from({ length: most - least + 1 }, (_, at) => least + at);

      it("comes from its time on, and says that it is one", async () => {
        await lent(1, 300);
        expect(await bindings.due(plusSeconds(T0, 299), 10)).toEqual([]);
        expect(await bindings.due(plusSeconds(T0, 300), 10)).toEqual([look(PROD, 1)]);
      });

      it("is none any more where nothing is parked for it", async () => {
        await lent(1, 300);
        const never = { dueAt: null, lookAt: null, attempts: 0 };
        await bindings.park(bindingKey(PROD.arn, role(1)), 1, never);
        expect(await bindings.due(LONG_AFTER, 10)).toEqual([]);
      });

      it("is left out where the binding has work, and keeps its time through the binding's steps", async () => {
        const request = await lent(1, 300);
        await requests.save(aStep(request, { type: "activate", at: plusSeconds(T0, 10) }));
        expect(await bindings.due(LONG_AFTER, 10)).toEqual([due(PROD, 1)]);
        const binding = bindingKey(PROD.arn, role(1));
        const dueAt = plusSeconds(T0, 400);
        await bindings.park(binding, 1, { dueAt, lookAt: null, attempts: 0 });
        expect(await bindings.due(LONG_AFTER, 10)).toEqual([due(PROD, 1)]);
        await bindings.park(binding, 2, { dueAt, lookAt: plusSeconds(T0, 300), attempts: 0 });
        expect(await bindings.due(plusSeconds(T0, 399), 10)).toEqual([look(PROD, 1)]);
        expect(await bindings.due(plusSeconds(T0, 400), 10)).toEqual([due(PROD, 1)]);
      });

      it("keeps no work waiting, however many there are and however late", async () => {
        await Promise.all(numbers(1, 40).map((n) => lent(n, n)));
        await lent(41, 41, STAGING);
        await grant(90, { principalArn: role(90) });
        expect(await bindings.due(plusSeconds(T0, 90), 4)).toEqual([
          due(PROD, 90),
          look(PROD, 1),
          look(STAGING, 41),
          look(PROD, 2),
        ]);
      });

      it("has one place of ten, however much work there is", async () => {
        await Promise.all(numbers(1, 40).map((n) => grant(n, { principalArn: role(n) })));
        for (const n of [41, 42]) await lent(n, n, STAGING);
        const items = await bindings.due(plusSeconds(T0, 90), 10);
        expect(items).toHaveLength(10);
        expect(items.slice(0, 2)).toEqual([due(PROD, 1), due(PROD, 2)]);
        expect(items.filter(({ kind }) => kind === "look")).toEqual([look(STAGING, 41)]);
      });
    });
  });
}
