import { beforeEach, describe, expect, it } from "vitest";
import { aFirstStep, anApproval, aStep, PROD, STAGING, T0 } from "../../lab/fakes/builders.ts";
import { countedId } from "../../lab/fakes/counted-ids.ts";
import { bindingKey } from "../../shared/domain/entries/binding.ts";
import type { Places } from "../../shared/domain/entries/drift-turn.ts";
import { plusSeconds } from "../../shared/domain/values/instant.ts";
import type { BindingStore, DueItem, NextTimes } from "../../shared/ports/binding-store.ts";
import type { RequestStore } from "../../shared/ports/request-store.ts";
import type { BindingStores } from "./binding-store.contract.ts";

const LONG_AFTER = "2027-01-01T00:00:00.000Z";
const instant = (seconds: number) => plusSeconds(T0, seconds);
const role = (n: number) => `arn:aws:iam::111122223333:role/people/p${n}`;
const numbers = (least: number, most: number) =>
  Array.from({ length: most - least + 1 }, (_, at) => least + at);

/** The guarantees of every BindingStore about due items and their order. */
export function dueItemsContract(name: string, make: () => Promise<BindingStores>) {
  describe(`${name}: due items`, () => {
    let requests: RequestStore;
    let bindings: BindingStore;
    beforeEach(async () => {
      ({ requests, bindings } = await make());
    });

    /** One approved grant in its own binding, due for addition `n` seconds after T0. */
    const grant = async (n: number, cluster = PROD) => {
      const first = aFirstStep({
        id: countedId(n),
        cluster,
        principalArn: role(n),
        createdAt: instant(n),
      });
      const approval = anApproval(first.request);
      await requests.create([first, approval]);
      return approval.request;
    };
    const bindingOf = (n: number, cluster = PROD) => bindingKey(cluster.arn, role(n));
    const item = (kind: Exclude<DueItem["kind"], "lapse">, n: number, cluster = PROD) => ({
      kind,
      binding: bindingOf(n, cluster),
      clusterArn: cluster.arn,
      ...(kind === "drift-check" && { isTurn: false }),
    });
    /** Parks the n-th binding at version 1, with nothing to do by default. */
    const park = (n: number, next: Partial<NextTimes>, cluster = PROD) =>
      bindings.park(
        bindingOf(n, cluster),
        { version: 1, ledgerRevision: 0 },
        {
          dueAt: null,
          dueFor: "addition",
          removeAt: null,
          driftCheckAt: null,
          attempts: 0,
          reservedBytes: 0,
          ...next,
        },
      );
    /** Like `grant`, with nothing to do except `next`. */
    const parked = async (n: number, next: Partial<NextTimes>, cluster = PROD) => {
      const request = await grant(n, cluster);
      await park(n, next, cluster);
      return request;
    };
    const due = (now: string, limit: number, turns: readonly Places[] = []) =>
      bindings.due(now, limit, turns);
    const kinds = (items: readonly DueItem[]) => items.map(({ kind }) => kind);

    it("An addition is due from the time of an approval", async () => {
      await grant(5);
      expect(await due(instant(4), 10)).toEqual([]);
      expect(await due(instant(5), 10)).toEqual([item("addition", 5)]);
    });

    it("An approval is work to add, also where an end waited to be confirmed", async () => {
      await parked(1, { dueAt: instant(500), dueFor: "confirmation" });
      const next = aFirstStep({ id: countedId(2), principalArn: role(1), createdAt: instant(30) });
      await requests.create([next, anApproval(next.request)]);
      expect((await bindings.view(bindingOf(1))).dueFor).toBe("addition");
      expect(await due(instant(500), 10)).toEqual([item("addition", 1)]);
    });

    it("A removal is due from the time at which a grant ends", async () => {
      const request = await grant(1);
      await requests.save(aStep(request, { type: "revoke", at: instant(30) }));
      expect(await due(instant(29), 10)).toEqual([]);
      expect(await due(instant(30), 10)).toEqual([item("removal", 1)]);
    });

    it("A removal is due even if something else was parked for later", async () => {
      const dueAt = instant(400);
      const request = await parked(1, { dueAt, dueFor: "confirmation", removeAt: instant(500) });
      await requests.save(aStep(request, { type: "revoke", at: instant(30) }));
      expect(await due(instant(30), 10)).toEqual([item("removal", 1)]);
    });

    it("A binding that has work when access must go is due once, as a removal", async () => {
      await parked(1, { dueAt: instant(500), removeAt: instant(500) });
      expect((await bindings.view(bindingOf(1))).dueAt).toBe(instant(500));
      expect(await due(instant(499), 10)).toEqual([]);
      expect(await due(instant(500), 10)).toEqual([item("removal", 1)]);
    });

    it("A step is due at once where work was parked for the removal, and so is what is parked then", async () => {
      const request = await parked(1, { dueAt: instant(500), removeAt: instant(500) });
      await requests.save(aStep(request, { type: "activate", at: instant(30) }));
      expect((await bindings.view(bindingOf(1))).dueAt).toBe(instant(30));
      expect(await due(instant(30), 10)).toEqual([item("addition", 1)]);
      await bindings.park(
        bindingOf(1),
        { version: 2, ledgerRevision: 0 },
        {
          dueAt: instant(60),
          dueFor: "confirmation",
          removeAt: instant(500),
          driftCheckAt: null,
          attempts: 1,
          reservedBytes: 0,
        },
      );
      expect((await bindings.view(bindingOf(1))).dueAt).toBe(instant(60));
      expect(await due(instant(60), 10)).toEqual([item("confirmation", 1)]);
    });

    it("A binding that had work at its removal is without work once it is parked so", async () => {
      await parked(1, { dueAt: instant(500), removeAt: instant(500) });
      await park(1, { removeAt: instant(600) });
      expect((await bindings.view(bindingOf(1))).dueAt).toBeNull();
      expect(await due(instant(599), 10)).toEqual([]);
      expect(await due(instant(600), 10)).toEqual([item("removal", 1)]);
    });

    it("A removal stays due if another grant is approved or becomes active", async () => {
      const request = await grant(1);
      await requests.save(aStep(request, { type: "revoke", at: instant(30) }));
      const other = aFirstStep({ id: countedId(2), principalArn: role(1), createdAt: instant(40) });
      const approval = anApproval(other.request);
      await requests.create([other, approval]);
      expect(await due(instant(50), 10)).toEqual([item("removal", 1)]);
      await requests.save(aStep(approval.request, { type: "activate", at: instant(45) }));
      expect(await due(instant(50), 10)).toEqual([item("removal", 1)]);
    });

    it("A pending request is due from the time at which it lapses, and no other request", async () => {
      const first = aFirstStep({ lapsesAt: instant(100) });
      await requests.create([first]);
      expect(await due(instant(99), 10)).toEqual([]);
      const lapse = { kind: "lapse", requestId: first.request.id };
      expect(await due(instant(100), 10)).toEqual([lapse]);
      await requests.save(aStep(first.request, { type: "lapse", at: instant(100) }));
      expect(await due(LONG_AFTER, 10)).toEqual([]);
    });

    it.each([
      ["addition", { dueAt: instant(90), dueFor: "addition" }],
      ["confirmation", { dueAt: instant(90), dueFor: "confirmation" }],
      ["removal", { removeAt: instant(90) }],
      ["drift-check", { driftCheckAt: instant(90) }],
    ] as const)("A parked %s is due from its time on", async (kind, next) => {
      await parked(1, next);
      expect(await due(instant(89), 10)).toEqual([]);
      expect(await due(instant(90), 10)).toEqual([item(kind, 1)]);
    });

    it("A binding parked without times is due only after its next step", async () => {
      const approved = await parked(1, {});
      expect(await due(LONG_AFTER, 10)).toEqual([]);
      await requests.save(aStep(approved, { type: "activate", at: instant(30) }));
      expect(await due(instant(30), 10)).toHaveLength(1);
    });

    it("A binding is not due for the times of an earlier parking", async () => {
      const times = { dueAt: instant(1), removeAt: instant(1), driftCheckAt: instant(1) };
      await parked(1, times);
      await park(1, {});
      expect(await due(LONG_AFTER, 10)).toEqual([]);
    });

    it("A drift check keeps its time through the binding's steps", async () => {
      const request = await parked(1, { driftCheckAt: instant(300) });
      await requests.save(aStep(request, { type: "activate", at: instant(10) }));
      await park(1, {});
      expect(await due(LONG_AFTER, 10)).toEqual([item("addition", 1)]);
      await bindings.park(
        bindingOf(1),
        { version: 2, ledgerRevision: 0 },
        {
          dueAt: instant(400),
          dueFor: "confirmation",
          removeAt: instant(500),
          driftCheckAt: instant(300),
          attempts: 0,
          reservedBytes: 0,
        },
      );
      expect(await due(instant(399), 10)).toEqual([item("drift-check", 1)]);
      expect(await due(instant(400), 10)).toEqual([item("confirmation", 1)]);
      expect(await due(instant(500), 10)).toEqual([item("removal", 1)]);
    });

    it("Due items are sorted by kind: removals, confirmations, additions and lapses, drift checks", async () => {
      await parked(1, { driftCheckAt: instant(1) });
      await grant(2);
      await requests.create([aFirstStep({ id: countedId(9), lapsesAt: instant(3) })]);
      await parked(4, { dueAt: instant(4), dueFor: "confirmation" });
      await parked(5, { removeAt: instant(5) });
      const items = await due(instant(60), 10);
      expect(kinds(items)).toEqual(["removal", "confirmation", "addition", "lapse", "drift-check"]);
      expect(kinds(await due(instant(60), 2))).toEqual(["removal", "confirmation"]);
    });

    it("Due items alternate between clusters, longest due first within each, up to the limit", async () => {
      for (const n of [2, 1, 3, 4]) await grant(n);
      for (const n of [5, 6]) await grant(n, STAGING);
      expect(await due(instant(60), 5)).toEqual([
        item("addition", 1),
        item("addition", 5, STAGING),
        item("addition", 2),
        item("addition", 6, STAGING),
        item("addition", 3),
      ]);
    });

    it("Every cluster gets its turn, however many removals of another are due for longer", async () => {
      await Promise.all(numbers(1, 40).map((n) => parked(n, { removeAt: instant(n) })));
      await parked(90, { removeAt: instant(90) }, STAGING);
      expect(await due(instant(90), 2)).toEqual([item("removal", 1), item("removal", 90, STAGING)]);
    });

    it("Removals come before additions, however many and however late those are", async () => {
      await Promise.all(numbers(1, 40).map((n) => grant(n)));
      await parked(50, { removeAt: instant(50) });
      const items = await due(instant(60), 3);
      expect(kinds(items)).toEqual(["removal", "addition", "addition"]);
    });

    it("Work comes before drift checks, however many and however late those are", async () => {
      await Promise.all(numbers(1, 40).map((n) => parked(n, { driftCheckAt: instant(n) })));
      await parked(41, { driftCheckAt: instant(41) }, STAGING);
      await grant(90);
      expect(await due(instant(90), 4)).toEqual([
        item("addition", 90),
        item("drift-check", 1),
        item("drift-check", 41, STAGING),
        item("drift-check", 2),
      ]);
    });

    it("One of ten items is a drift check, however much work there is", async () => {
      await Promise.all(numbers(1, 40).map((n) => parked(n, { removeAt: instant(n) })));
      for (const n of [41, 42]) await parked(n, { driftCheckAt: instant(n) }, STAGING);
      const items = await due(instant(90), 10);
      expect(items).toHaveLength(10);
      expect(items.slice(0, 2)).toEqual([item("removal", 1), item("removal", 2)]);
      expect(items.filter(({ kind }) => kind === "drift-check")).toEqual([
        item("drift-check", 41, STAGING),
      ]);
    });
  });
}
