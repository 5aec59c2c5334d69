import { beforeEach, describe, expect, it } from "vitest";
import { aFirstStep, anApproval, aStep, PROD, STAGING, T0 } from "../../lab/fakes/builders.ts";
import { countedId } from "../../lab/fakes/counted-ids.ts";
import { plusSeconds } from "../../shared/domain/values/instant.ts";
import type { RequestStore } from "../../shared/ports/request-store.ts";

/** The guarantees of every RequestStore about the grants of a cluster. `make` returns an empty one. */
export function lentGrantsContract(name: string, make: () => Promise<RequestStore>) {
  describe(`${name} as a RequestStore with the grants of a cluster`, () => {
    let store: RequestStore;
    beforeEach(async () => {
      store = await make();
    });

    const at = (seconds: number) => plusSeconds(T0, seconds);
    const made = (n: number, changed: Parameters<typeof aFirstStep>[0] = {}) => {
      const access = {
        policy: "AmazonEKSViewPolicy",
        scope: { type: "namespace" as const, namespaces: [`payments-${n}`] },
      };
      const first = aFirstStep({ id: countedId(n), access, createdAt: at(n), ...changed });
      return { first, approved: anApproval(first.request) };
    };
    const grant = async (n: number, changed: Parameters<typeof aFirstStep>[0] = {}) => {
      const { first, approved } = made(n, changed);
      await store.create([first, approved]);
      return approved.request;
    };
    const EVER = { from: at(-86_400), to: at(30 * 86_400) };
    const idsOf = async (between = EVER, cluster = PROD) =>
      (await store.lentOn(cluster.arn, between, { limit: 10 })).items.map(({ id }) => id);

    it("They come in the order of their starts, page by page, with what they are now", async () => {
      const late = await grant(1, { startsAt: at(7_200) });
      const [second, first] = [await grant(3), await grant(2)];
      const one = await store.lentOn(PROD.arn, EVER, { limit: 2 });
      expect(one).toEqual({ items: [first, second], next: expect.any(String), leftOut: 0 });
      const ending = aStep(late, { type: "revoke" });
      await store.save(ending);
      const more = { limit: 2, ...(one.next === undefined ? {} : { after: one.next }) };
      expect(await store.lentOn(PROD.arn, EVER, more)).toEqual({
        items: [ending.request],
        leftOut: 0,
      });
    });

    it("They stay in the list once they are over", async () => {
      const approved = await grant(1);
      const ending = aStep(approved, { type: "revoke" });
      await store.save(ending);
      const over = aStep(ending.request, { type: "settle" });
      await store.save(over);
      expect((await store.lentOn(PROD.arn, EVER, { limit: 10 })).items).toEqual([over.request]);
    });

    it("Those that started at the first instant are in, and at the last one are not", async () => {
      for (const n of [1, 2, 3]) await grant(n);
      const starts = (await store.lentOn(PROD.arn, EVER, { limit: 10 })).items.map(
        ({ approvedAt }) => approvedAt ?? "",
      );
      const [from = "", , to = ""] = starts;
      expect(await idsOf({ from, to })).toEqual([countedId(1), countedId(2)]);
      expect(await idsOf({ from: to, to: from })).toEqual([]);
    });

    it("Requests that nobody approved, and grants of other clusters, are not in it", async () => {
      await store.create([made(1).first]);
      const { first } = made(2);
      await store.create([first]);
      await store.save(aStep(first.request, { type: "deny" }));
      await grant(3, { cluster: STAGING });
      expect(await idsOf()).toEqual([]);
      expect(await idsOf(EVER, STAGING)).toEqual([countedId(3)]);
    });

    it("A page has what is wanted, and goes on from there", async () => {
      for (const n of [1, 2, 3, 4]) await grant(n);
      const isWanted = ({ id }: { readonly id: string }) => [2, 4].map(countedId).includes(id);
      const one = await store.lentOn(PROD.arn, EVER, { limit: 1 }, isWanted);
      expect(one.items.map(({ id }) => id)).toEqual([countedId(2)]);
      const after = one.next ?? "";
      const two = await store.lentOn(PROD.arn, EVER, { limit: 1, after }, isWanted);
      expect(two.items.map(({ id }) => id)).toEqual([countedId(4)]);
    });

    it("It knows every grant since the approval of the first one", async () => {
      expect(await store.lentSince(PROD.arn)).toBeUndefined();
      await store.create([made(1).first]);
      expect(await store.lentSince(PROD.arn)).toBeUndefined();
      const first = await grant(2);
      await grant(3);
      expect(await store.lentSince(PROD.arn)).toBe(first.approvedAt);
      expect(await store.lentSince(STAGING.arn)).toBeUndefined();
    });

    it("What an earlier release approved is in it from its next step on, and begins nothing", async () => {
      const { first, approved } = made(1);
      const { listed: _, ...unlisted } = approved.request;
      await store.create([first, { ...approved, request: unlisted }]);
      await store.save(aStep(unlisted, { type: "activate" }));
      expect(await idsOf()).toEqual([countedId(1)]);
      expect(await store.lentSince(PROD.arn)).toBeUndefined();
      const later = await grant(2);
      expect(await store.lentSince(PROD.arn)).toBe(later.approvedAt);
    });
  });
}
