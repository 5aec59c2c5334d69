import { beforeEach, describe, expect, it } from "vitest";
import { aFirstStep, aStep, T0 } from "../../lab/fakes/builders.ts";
import { countedId } from "../../lab/fakes/counted-ids.ts";
import { dueIn } from "../../lab/fakes/due-notices.ts";
import { delegationOf } from "../../shared/domain/delegations/delegation.ts";
import {
  endRecord,
  type MadeRecord,
  madeRecord,
} from "../../shared/domain/delegations/delegation-record.ts";
import { newNoticeRecord } from "../../shared/domain/notices/notice-record.ts";
import { delegationSubject } from "../../shared/domain/notices/subject.ts";
import { plusSeconds } from "../../shared/domain/values/instant.ts";
import type { DelegationStore } from "../../shared/ports/delegation-store.ts";
import { type IdempotencyKey, IdempotencyTaken } from "../../shared/ports/idempotency.ts";
import type { NoticeStore } from "../../shared/ports/notice-store.ts";
import type { RequestStore } from "../../shared/ports/request-store.ts";

interface Stores {
  readonly requests: RequestStore;
  readonly delegations: DelegationStore;
  readonly notices: NoticeStore;
}

const PROOF = { surface: "api", proof: { callerId: "AROA" } } as const;
const happened = (id: string, actor: string, at = T0) => ({
  delegationId: id,
  actor,
  at,
  policyHash: "a".repeat(64),
});

/** A delegation's first record: from T0 on, for an hour by default. */
const made = (n: number, by = "bob", to = "erin", seconds = 3_600) =>
  madeRecord(happened(countedId(n), by), {
    to,
    from: T0,
    until: plusSeconds(T0, seconds),
    ...PROOF,
  });

/** The guarantees of every DelegationStore. `make` returns empty stores on the same tables. */
export function delegationStoreContract(name: string, make: () => Promise<Stores>) {
  describe(`${name} as a DelegationStore`, () => {
    let requests: RequestStore;
    let store: DelegationStore;
    let notices: NoticeStore;
    beforeEach(async () => {
      ({ requests, delegations: store, notices } = await make());
    });

    const create = async (record: MadeRecord, idempotency?: IdempotencyKey) =>
      store.create(record, { after: await store.made(), idempotency });
    const end = async (n: number, seconds = 60) => {
      const [first] = await store.records(countedId(n));
      const delegation = delegationOf(countedId(n), first ? [first] : []);
      if (!first || !delegation) throw new Error("There is no such delegation.");
      const at = plusSeconds(T0, seconds);
      await store.end(delegation, endRecord(happened(countedId(n), "carol", at), PROOF, first));
    };
    const idsOf = (all: readonly { readonly id: string }[]) => all.map(({ id }) => id);

    it("A delegation is read back from its records", async () => {
      await create(made(1));
      const records = await store.records(countedId(1));
      expect(records).toEqual([made(1)]);
      expect(delegationOf(countedId(1), records)).toEqual({
        id: countedId(1),
        by: "bob",
        to: "erin",
        from: T0,
        until: plusSeconds(T0, 3_600),
        createdAt: T0,
        ended: null,
      });
    });

    it("One that was judged before another was made is not stored", async () => {
      expect(await store.made()).toBe(0);
      await store.create(made(1), { after: 0 });
      expect(await store.made()).toBe(1);
      for (const after of [0, 2])
        await expect(store.create(made(2), { after })).rejects.toMatchObject({
          code: "version-conflict",
        });
      expect(await store.records(countedId(2))).toEqual([]);
      expect(await notices.load(delegationSubject(countedId(2)))).toBeUndefined();
      await end(1);
      await store.create(made(2), { after: 1 });
      expect(await store.made()).toBe(2);
      expect((await store.listed(T0, { limit: 10 })).items).toHaveLength(1);
    });

    it("An unknown delegation has no records", async () => {
      expect(await store.records(countedId(9))).toEqual([]);
    });

    it("A delegation is found by its delegate and by its delegator, the first to be over first", async () => {
      await create(made(1));
      await create(made(2, "bob", "erin", 1_800));
      await create(made(3, "carol", "erin"));
      await create(made(4, "erin", "frank"));
      expect(idsOf(await store.givenTo("erin", T0))).toEqual([2, 1, 3].map(countedId));
      expect(idsOf(await store.givenBy("bob", T0))).toEqual([2, 1].map(countedId));
      expect(await store.givenTo("bob", T0)).toEqual([]);
    });

    it("A delegation is in no list from the moment on that it is over", async () => {
      await create(made(1));
      const over = plusSeconds(T0, 3_600);
      expect(idsOf(await store.givenTo("erin", plusSeconds(over, -0.001)))).toEqual([countedId(1)]);
      for (const list of [store.givenTo("erin", over), store.givenBy("bob", over)])
        expect(await list).toEqual([]);
      expect((await store.listed(over, { limit: 10 })).items).toEqual([]);
    });

    it("An ended delegation is in no list, and its end is its last record", async () => {
      await create(made(1));
      await end(1);
      for (const list of [store.givenTo("erin", T0), store.givenBy("bob", T0)])
        expect(await list).toEqual([]);
      expect((await store.listed(T0, { limit: 10 })).items).toEqual([]);
      const records = await store.records(countedId(1));
      expect(delegationOf(countedId(1), records)).toMatchObject({
        ended: { person: "carol", at: plusSeconds(T0, 60) },
      });
    });

    it("The notices of a delegation are due as it is made, and again as it ends", async () => {
      const subject = delegationSubject(countedId(1));
      await create(made(1));
      expect(await notices.load(subject)).toEqual(newNoticeRecord(subject, 1));
      expect(await dueIn(notices, T0, 10)).toEqual([subject]);
      await notices.park(newNoticeRecord(subject, 1), null);
      await end(1);
      expect(await notices.load(subject)).toMatchObject({ wanted: 2 });
      expect(await dueIn(notices, plusSeconds(T0, 60), 10)).toEqual([subject]);
    });

    it("A delegation ends once", async () => {
      await create(made(1));
      const [first] = await store.records(countedId(1));
      await end(1);
      await expect(end(1, 120)).rejects.toMatchObject({ code: "delegation-ended" });
      expect(await store.records(countedId(1))).toMatchObject([
        { hash: first?.hash },
        { at: plusSeconds(T0, 60) },
      ]);
    });

    it("A delegate finds what was over or ended lately, and not what is in force", async () => {
      await create(made(1));
      await create(made(2));
      await create(made(3, "carol", "erin", 7_200));
      await create(made(4, "bob", "frank"));
      await end(2);
      const now = plusSeconds(T0, 3_600);
      expect(new Set(idsOf(await store.lately("erin", T0, now)))).toEqual(
        new Set([1, 2].map(countedId)),
      );
      expect(await store.lately("erin", now, now)).toEqual([]);
    });

    it("The list of all is read page by page, as far as they are wanted", async () => {
      for (const n of [1, 2, 3, 4]) await create(made(n, "bob", `to-${n}`, n * 100));
      const first = await store.listed(T0, { limit: 2 }, ({ to }) => to !== "to-2");
      expect(idsOf(first.items)).toEqual([1, 3].map(countedId));
      const rest = await store.listed(
        T0,
        { limit: 2, after: first.next ?? "" },
        ({ to }) => to !== "to-2",
      );
      expect(idsOf(rest.items)).toEqual([countedId(4)]);
      expect(rest.next).toBeUndefined();
    });

    describe("An idempotency key of a delegation", () => {
      const KEY = { keyHash: "key", bodyHash: "body" };

      it("The key names the delegation that it made", async () => {
        expect(await store.idempotent("key")).toBeUndefined();
        await create(made(1), KEY);
        const used = { bodyHash: "body", delegationId: countedId(1) };
        expect(await store.idempotent("key")).toEqual(used);
        await end(1);
        expect(await store.idempotent("key")).toEqual(used);
      });

      it("A used key makes nothing again, and is no key of a request", async () => {
        await create(made(1), KEY);
        await expect(create(made(2), KEY)).rejects.toBeInstanceOf(IdempotencyTaken);
        expect(await store.records(countedId(2))).toEqual([]);
        expect(idsOf(await store.givenTo("erin", T0))).toEqual([countedId(1)]);
        expect(await notices.load(delegationSubject(countedId(2)))).toBeUndefined();
      });

      it("One of several delegations at once under one key is stored", async () => {
        const all = [1, 2, 3].map((n) => create(made(n), KEY));
        const lost = (await Promise.allSettled(all)).flatMap((one) =>
          one.status === "rejected" ? [one.reason] : [],
        );
        expect(lost).toEqual([expect.any(IdempotencyTaken), expect.any(IdempotencyTaken)]);
        const [stored, ...more] = await store.givenTo("erin", T0);
        expect(more).toEqual([]);
        expect((await store.idempotent("key"))?.delegationId).toBe(stored?.id);
      });
    });

    describe("A decision on somebody's behalf", () => {
      const decision = (type: "approve" | "deny") => {
        const { request } = aFirstStep();
        const onBehalfOf = { person: "bob", delegation: countedId(1) };
        const approval = {
          ...({ person: "erin", onBehalfOf, surface: "api", at: T0, proof: {} } as const),
          digest: request.digest,
        };
        return type === "approve"
          ? aStep(request, { type, actor: "erin", details: approval })
          : aStep(request, { type, actor: "erin", details: approval });
      };

      it.each(["approve", "deny"] as const)("%s is stored while nobody ended it", async (type) => {
        await requests.create([aFirstStep()]);
        await create(made(1));
        await requests.save(decision(type));
        expect(await requests.load(countedId(1))).toEqual(decision(type).request);
      });

      it.each(["approve", "deny"] as const)("%s is not stored once it was ended", async (type) => {
        await requests.create([aFirstStep()]);
        await create(made(1));
        await end(1);
        await expect(requests.save(decision(type))).rejects.toMatchObject({
          code: "delegation-ended",
        });
        expect(await requests.history(countedId(1))).toHaveLength(1);
      });

      it("It is not stored under a delegation that never was", async () => {
        await requests.create([aFirstStep()]);
        await expect(requests.save(decision("approve"))).rejects.toMatchObject({
          code: "delegation-ended",
        });
        expect(await requests.load(countedId(1))).toMatchObject({ state: "pending", version: 1 });
      });
    });
  });
}
