import { beforeEach, describe, expect, it } from "vitest";
import {
  ALICE,
  aFirstStep,
  anApproval,
  aStep,
  PROD,
  STAGING,
  T0,
} from "../../lab/fakes/builders.ts";
import { countedId } from "../../lab/fakes/counted-ids.ts";
import { bindingKey } from "../../shared/domain/entries/binding.ts";
import { grantBytes } from "../../shared/domain/entries/bounds.ts";
import type { AccessRequest } from "../../shared/domain/requests/request.ts";
import type { BrokerError } from "../../shared/domain/values/errors.ts";
import { plusSeconds } from "../../shared/domain/values/instant.ts";
import { type BindingStore, IN_TURN, type NextTimes } from "../../shared/ports/binding-store.ts";
import { conflictsOf, type RequestStore, STEPS_AT_ONCE } from "../../shared/ports/request-store.ts";

export interface BindingStores {
  readonly requests: RequestStore;
  readonly bindings: BindingStore;
  /** Puts any content into a binding's partition, filed as the grant with this id. */
  plant(binding: string, id: string, request: unknown): Promise<void>;
}

const BINDING = bindingKey(PROD.arn, ALICE);
const NEVER: NextTimes = {
  dueAt: null,
  dueFor: "addition",
  removeAt: null,
  driftCheckAt: null,
  attempts: 0,
  reservedBytes: 0,
};

/** The guarantees of every BindingStore, on the RequestStore that writes its heads. */
export function bindingStoreContract(name: string, make: () => Promise<BindingStores>) {
  describe(`${name} as a BindingStore`, () => {
    let requests: RequestStore;
    let bindings: BindingStore;
    let plant: BindingStores["plant"];
    beforeEach(async () => {
      ({ requests, bindings, plant } = await make());
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
    const byId = (grants: readonly AccessRequest[]) =>
      grants.toSorted((a, b) => (a.id < b.id ? -1 : 1));

    describe("A view", () => {
      it("The view of a binding that was never used is empty, with version 0", async () => {
        expect(await bindings.view(BINDING)).toEqual({
          binding: BINDING,
          version: 0,
          ledgerRevision: 0,
          ledgerHolds: false,
          ...NEVER,
          grants: [],
          leftOut: [],
          isWhole: true,
          broken: [],
        });
      });

      it("A view does not contain pending or denied requests", async () => {
        const first = aFirstStep();
        await requests.create([first]);
        await requests.save(aStep(first.request, { type: "deny" }));
        expect(await bindings.view(BINDING)).toMatchObject({ version: 0, grants: [] });
      });

      it("A view contains a request from its approval on, with its current state", async () => {
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

      it("A view counts one version for a request that the policy approved at creation", async () => {
        const approved = await grant(1);
        expect(await bindings.view(BINDING)).toMatchObject({ version: 1, grants: [approved] });
      });

      it("A view contains all grants of the binding and none of another", async () => {
        const own = [await grant(1), await grant(2)];
        await grant(3, { cluster: STAGING });
        const view = await bindings.view(BINDING);
        expect(byId(view.grants)).toEqual(own);
        expect(view.version).toBe(2);
      });

      it("A view loses a grant with its last step, and still counts that step", async () => {
        const ending = aStep(await grant(1), { type: "revoke" });
        await requests.save(ending);
        expect((await bindings.view(BINDING)).grants).toEqual([ending.request]);
        await requests.save(aStep(ending.request, { type: "settle" }));
        expect(await bindings.view(BINDING)).toMatchObject({ version: 3, grants: [] });
      });

      it("A view loses a grant that failed", async () => {
        await requests.save(aStep(await grant(1), { type: "refuse" }));
        expect(await bindings.view(BINDING)).toMatchObject({ version: 2, grants: [] });
      });

      it("A view counts all steps that were stored at the same time", async () => {
        const approved = [await grant(1), await grant(2), await grant(3)];
        await Promise.all(approved.map((each) => requests.save(aStep(each, { type: "activate" }))));
        const view = await bindings.view(BINDING);
        expect(view.version).toBe(6);
        expect(view.grants.map(({ state }) => state)).toEqual(["active", "active", "active"]);
      });
    });

    describe("Records that nobody honest stored", () => {
      it("A view leaves them out, and says why", async () => {
        const own = await grant(1);
        const elsewhere = { ...own, id: countedId(4), cluster: { name: "s", arn: STAGING.arn } };
        await plant(BINDING, countedId(2), {});
        await plant(BINDING, countedId(3), own);
        await plant(BINDING, countedId(4), elsewhere);
        const { grants, leftOut } = await bindings.view(BINDING);
        expect(grants).toEqual([own]);
        expect(leftOut.toSorted((a, b) => (a.id < b.id ? -1 : 1))).toEqual([
          { id: countedId(2), why: "unreadable" },
          { id: countedId(3), why: "misfiled" },
          { id: countedId(4), why: "elsewhere" },
        ]);
      });

      it("Grants are read by their ids, whatever else is filed there", async () => {
        const own = await grant(1);
        await plant(BINDING, countedId(2), {});
        await plant(BINDING, countedId(3), { ...own, id: countedId(3) });
        const named = await bindings.named(BINDING, [1, 2, 4].map(countedId));
        expect(named).toEqual({
          grants: [own],
          leftOut: [{ id: countedId(2), why: "unreadable" }],
        });
      });
    });

    describe("Parking", () => {
      const parked: NextTimes = { ...NEVER, dueAt: plusSeconds(T0, 90), attempts: 3 };

      it("Parking sets when the binding is due and how often it failed", async () => {
        await grant(1);
        await bindings.park(BINDING, { version: 1, ledgerRevision: 0 }, parked);
        expect(await bindings.view(BINDING)).toMatchObject({
          version: 1,
          attempts: 3,
          dueAt: plusSeconds(T0, 90),
        });
      });

      it.each([
        { ...parked, dueFor: "confirmation", removeAt: plusSeconds(T0, 95), driftCheckAt: IN_TURN },
        { ...NEVER, dueAt: plusSeconds(T0, 95), removeAt: plusSeconds(T0, 95) },
        { ...NEVER, driftCheckAt: plusSeconds(T0, 97) },
        { ...NEVER, reservedBytes: 4_096 },
        NEVER,
      ] as const)("A view gives what was parked, and under which ledger: %o", async (next) => {
        await grant(1);
        await bindings.park(BINDING, { version: 1, ledgerRevision: 7 }, next);
        expect(await bindings.view(BINDING)).toMatchObject({ ledgerRevision: 7, ...next });
      });

      it("Each approval adds to the parked bytes what its grant may take, and other steps leave them", async () => {
        const approved = await grant(1);
        await bindings.park(
          BINDING,
          { version: 1, ledgerRevision: 0 },
          {
            ...NEVER,
            reservedBytes: 100,
          },
        );
        await requests.save(aStep(approved, { type: "activate" }));
        const { reservedBytes } = await bindings.view(BINDING);
        expect(reservedBytes).toBe(100);
        const second = await grant(2);
        expect((await bindings.view(BINDING)).reservedBytes).toBe(100 + grantBytes(second));
      });

      it("A view gives what was parked for removals and drift checks after a step, too", async () => {
        const approved = await grant(1);
        const next = { ...NEVER, removeAt: plusSeconds(T0, 95), driftCheckAt: IN_TURN } as const;
        await bindings.park(BINDING, { version: 1, ledgerRevision: 7 }, next);
        await requests.save(aStep(approved, { type: "activate", at: plusSeconds(T0, 5) }));
        const dueAt = plusSeconds(T0, 5);
        expect(await bindings.view(BINDING)).toMatchObject({ ledgerRevision: 7, ...next, dueAt });
      });

      it("Parking does nothing if somebody has stored a step since", async () => {
        const approved = await grant(1);
        await requests.save(aStep(approved, { type: "activate", at: plusSeconds(T0, 30) }));
        await bindings.park(BINDING, { version: 1, ledgerRevision: 9 }, parked);
        expect(await bindings.view(BINDING)).toMatchObject({
          version: 2,
          attempts: 0,
          dueAt: plusSeconds(T0, 30),
        });
      });

      it("Parking does nothing if a run with a later ledger has parked the binding", async () => {
        await grant(1);
        await bindings.park(BINDING, { version: 1, ledgerRevision: 7 }, parked);
        await bindings.park(BINDING, { version: 1, ledgerRevision: 6 }, NEVER);
        expect(await bindings.view(BINDING)).toMatchObject({ dueAt: parked.dueAt, attempts: 3 });
        await bindings.park(BINDING, { version: 1, ledgerRevision: 7 }, NEVER);
        expect(await bindings.view(BINDING)).toMatchObject({ dueAt: null, attempts: 0 });
      });

      it("Parking with an earlier ledger is refused even after further steps of the binding", async () => {
        const approved = await grant(1);
        await bindings.park(BINDING, { version: 1, ledgerRevision: 7 }, parked);
        await requests.save(aStep(approved, { type: "activate" }));
        await bindings.park(BINDING, { version: 2, ledgerRevision: 6 }, NEVER);
        expect((await bindings.view(BINDING)).dueAt).not.toBeNull();
      });

      it("Parking keeps whether the ledger held anything, until it is parked without", async () => {
        await grant(1);
        const held = { version: 1, ledgerRevision: 7, ledgerHolds: true };
        await bindings.park(BINDING, held, parked);
        expect(await bindings.view(BINDING)).toMatchObject(held);
        await bindings.park(BINDING, { version: 1, ledgerRevision: 8 }, NEVER);
        expect(await bindings.view(BINDING)).toMatchObject({ ledgerHolds: false });
      });

      it("Parking with an earlier ledger is for the run that saw exactly the head's revision", async () => {
        await grant(1);
        await bindings.park(BINDING, { version: 1, ledgerRevision: 7 }, parked);
        await bindings.park(BINDING, { version: 1, ledgerRevision: 3, behind: 6 }, NEVER);
        expect(await bindings.view(BINDING)).toMatchObject({ ledgerRevision: 7, ...parked });
        await bindings.park(BINDING, { version: 1, ledgerRevision: 3, behind: 7 }, NEVER);
        expect(await bindings.view(BINDING)).toMatchObject({ ledgerRevision: 3, ...NEVER });
      });

      it("Parking makes a head for a binding that a ledger knows, and keeps to its version", async () => {
        const address = { clusterArn: "arn:cluster", principalArn: "arn:role" };
        const from = { version: 0, ledgerRevision: 4, address };
        await bindings.park(BINDING, from, parked);
        expect(await bindings.view(BINDING)).toMatchObject({ version: 0, ...parked });
        await bindings.park(BINDING, { ...from, ledgerRevision: 5 }, NEVER);
        expect(await bindings.view(BINDING)).toMatchObject({ ledgerRevision: 5, ...NEVER });
        await grant(1);
        await bindings.park(BINDING, { ...from, ledgerRevision: 6 }, parked);
        expect(await bindings.view(BINDING)).toMatchObject({ version: 1, ledgerRevision: 5 });
      });

      it("Parking does nothing for a binding that was never used", async () => {
        await bindings.park(BINDING, { version: 0, ledgerRevision: 0 }, parked);
        expect(await bindings.view(BINDING)).toMatchObject({
          version: 0,
          attempts: 0,
          dueAt: null,
        });
      });

      it("Parking lasts until the next step, which resets the attempts and is due at once", async () => {
        const approved = await grant(1);
        await bindings.park(BINDING, { version: 1, ledgerRevision: 0 }, parked);
        await requests.save(aStep(approved, { type: "activate", at: plusSeconds(T0, 5) }));
        expect(await bindings.view(BINDING)).toMatchObject({
          attempts: 0,
          dueAt: plusSeconds(T0, 5),
        });
      });
    });

    describe("Steps of several requests at once", () => {
      const expiries = (grants: readonly AccessRequest[]) =>
        grants.map((each) => aStep(each, { type: "expire", at: plusSeconds(T0, 60) }));

      it("Steps of several requests count one version each, and change each grant", async () => {
        const steps = expiries([await grant(1), await grant(2), await grant(3)]);
        await requests.saveAll(steps);
        const view = await bindings.view(BINDING);
        expect(view).toMatchObject({ version: 6, dueAt: plusSeconds(T0, 60) });
        expect(byId(view.grants)).toEqual(steps.map(({ request }) => request));
      });

      it("As many steps as STEPS_AT_ONCE are stored at once", async () => {
        const grants: AccessRequest[] = [];
        for (let n = 1; n <= STEPS_AT_ONCE; n += 1) grants.push(await grant(n));
        const steps = expiries(grants);
        await requests.saveAll(steps);
        await requests.saveAll(steps.map(({ request }) => aStep(request, { type: "settle" })));
        expect(await bindings.view(BINDING)).toMatchObject({
          version: 3 * STEPS_AT_ONCE,
          grants: [],
        });
      });

      it("No step is stored if one of them is from an older version", async () => {
        const [one, other] = [await grant(1), await grant(2)];
        const steps = expiries([one, other]);
        const active = aStep(other, { type: "activate" });
        await requests.save(active);
        await expect(requests.saveAll(steps)).rejects.toMatchObject({ code: "version-conflict" });
        expect(byId((await bindings.view(BINDING)).grants)).toEqual([one, active.request]);
        expect(await requests.history(one.id)).toHaveLength(2);
      });

      it("The conflict names each request that has one, and the others can be stored without them", async () => {
        const grants = [await grant(1), await grant(2), await grant(3)] as const;
        const [one, , third] = grants;
        const steps = expiries(grants);
        for (const each of [one, third]) await requests.save(aStep(each, { type: "activate" }));
        const error = await requests.saveAll(steps).catch((failure: BrokerError) => failure);
        expect(error).toMatchObject({ code: "version-conflict" });
        const conflicts = new Set(conflictsOf(error as BrokerError));
        expect(conflicts).toEqual(new Set([one.id, third.id]));
        await requests.saveAll(steps.filter(({ request }) => !conflicts.has(request.id)));
      });
    });
  });
}
