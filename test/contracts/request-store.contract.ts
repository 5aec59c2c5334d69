import { beforeEach, describe, expect, it } from "vitest";
import { aFirstStep, anApproval, aStep, PROD, STAGING, T0 } from "../../lab/fakes/builders.ts";
import { countedId } from "../../lab/fakes/counted-ids.ts";
import { verifyChains } from "../../shared/domain/requests/audit-chain.ts";
import type { AuditEvent } from "../../shared/domain/requests/audit-event.ts";
import type { AccessRequest } from "../../shared/domain/requests/request.ts";
import { plusSeconds } from "../../shared/domain/values/instant.ts";
import { IdempotencyTaken } from "../../shared/ports/idempotency.ts";
import type { RateWindow, RequestStore } from "../../shared/ports/request-store.ts";

const VIEW = {
  policy: "AmazonEKSViewPolicy",
  scope: { type: "namespace", namespaces: ["payments-api"] },
} as const;
const KEY = { keyHash: "key", bodyHash: "body" };

/**
 * The guarantees of every RequestStore about single requests, keys and windows; its lists have a
 * contract of their own. `make` returns an empty one.
 *
 * @param planting an empty one, with a way to add an event that no step stored
 */
export function requestStoreContract(
  name: string,
  make: () => Promise<RequestStore>,
  planting: () => Promise<{
    readonly store: RequestStore;
    readonly addEvent: (event: AuditEvent) => Promise<void>;
  }>,
) {
  describe(`${name} as a RequestStore`, () => {
    let store: RequestStore;
    beforeEach(async () => {
      store = await make();
    });

    describe("One request", () => {
      it("A request is read back as it was created, including nulls", async () => {
        const first = aFirstStep();
        await store.create([first]);
        expect(await store.load(first.request.id)).toEqual(first.request);
      });

      it("A request is at its last version and its entry, and at no other", async () => {
        const { request } = aFirstStep();
        const approval = anApproval(request);
        expect(await store.isAt(request)).toBe(false);
        await store.create([aFirstStep()]);
        const others = [{ ...request, principalArn: `${request.principalArn}2` }, approval.request];
        const all = [request, ...others].map((each) => store.isAt(each));
        expect(await Promise.all(all)).toEqual([true, false, false]);
        await store.save(approval);
        expect(await store.isAt(request)).toBe(false);
        expect(await store.isAt(approval.request)).toBe(true);
      });

      it("A request is not found under an unknown id", async () => {
        await expect(store.load(countedId(9))).rejects.toMatchObject({ code: "request-not-found" });
        expect(await store.history(countedId(9))).toEqual([]);
      });

      it("A request has the content of its last step, and all events in its history", async () => {
        const first = aFirstStep();
        const approval = anApproval(first.request, plusSeconds(T0, 60));
        await store.create([first]);
        await store.save(approval);
        expect(await store.load(first.request.id)).toEqual(approval.request);
        const history = await store.history(first.request.id);
        expect(history).toEqual([first.event, approval.event]);
        expect(verifyChains(history)).toEqual([]);
      });

      it("A request that the policy approves is created with both steps", async () => {
        const first = aFirstStep();
        const approval = anApproval(first.request);
        await store.create([first, approval]);
        expect(await store.load(first.request.id)).toEqual(approval.request);
        expect(await store.history(first.request.id)).toEqual([first.event, approval.event]);
        expect((await store.awaiting(["payments-leads"], { limit: 10 })).items).toEqual([]);
      });

      it("A request cannot be created twice under one id", async () => {
        await store.create([aFirstStep()]);
        const again = aFirstStep({ access: VIEW });
        await expect(store.create([again])).rejects.toMatchObject({ code: "version-conflict" });
      });

      it("A step from a version that is not the stored one is refused and stores nothing", async () => {
        const first = aFirstStep();
        await store.create([first]);
        const late = anApproval(first.request, plusSeconds(T0, 60));
        const denial = aStep(first.request, { type: "deny", actor: "bob" });
        await store.save(denial);
        await expect(store.save(late)).rejects.toMatchObject({ code: "version-conflict" });
        expect(await store.load(first.request.id)).toEqual(denial.request);
        expect(await store.history(first.request.id)).toEqual([first.event, denial.event]);
        expect((await store.grants({ limit: 10 })).items).toEqual([]);
      });

      it("A step of a request that was never created is refused", async () => {
        const step = anApproval(aFirstStep().request);
        await expect(store.save(step)).rejects.toMatchObject({ code: "version-conflict" });
        expect(await store.history(step.request.id)).toEqual([]);
      });

      it("A step whose predecessor was never stored is refused", async () => {
        const first = aFirstStep();
        await store.create([first]);
        const skipped = aStep(first.request, { type: "approve", actor: "bob", to: "pending" });
        const step = anApproval(skipped.request);
        await expect(store.save(step)).rejects.toMatchObject({ code: "version-conflict" });
        expect(await store.load(first.request.id)).toEqual(first.request);
        expect(await store.history(first.request.id)).toEqual([first.event]);
      });

      it("A step whose place in the history is taken is refused and stores nothing", async () => {
        const planted = await planting();
        const first = aFirstStep();
        const approval = anApproval(first.request, plusSeconds(T0, 60));
        await planted.store.create([first]);
        await planted.addEvent(approval.event);
        const denial = aStep(first.request, { type: "deny", actor: "bob" });
        for (const save of [() => planted.store.save(denial), () => planted.store.save(approval)])
          await expect(save()).rejects.toMatchObject({ code: "version-conflict" });
        expect(await planted.store.load(first.request.id)).toEqual(first.request);
        expect(await planted.store.history(first.request.id)).toEqual([
          first.event,
          approval.event,
        ]);
      });

      it("A step of a copy that others filed under another entry is refused and stores nothing", async () => {
        const { store } = await planting();
        const first = aFirstStep();
        await store.create([first]);
        const elsewhere: readonly Partial<AccessRequest>[] = [
          { cluster: { ...first.request.cluster, arn: `${first.request.cluster.arn}-2` } },
          { principalArn: `${first.request.principalArn}-2` },
        ];
        for (const change of elsewhere) {
          const denial = aStep({ ...first.request, ...change }, { type: "deny", actor: "bob" });
          await expect(store.save(denial)).rejects.toMatchObject({ code: "version-conflict" });
        }
        expect(await store.load(first.request.id)).toEqual(first.request);
        expect(await store.history(first.request.id)).toEqual([first.event]);
      });

      it("A request is not created where an event has a place of its history", async () => {
        const first = aFirstStep();
        const approval = anApproval(first.request);
        for (const { event } of [first, approval]) {
          const planted = await planting();
          await planted.addEvent(event);
          const create = planted.store.create([first, approval]);
          await expect(create).rejects.toMatchObject({ code: "version-conflict" });
          expect(await planted.store.history(first.request.id)).toEqual([event]);
        }
      });

      it("One of two writers of the same version succeeds", async () => {
        const first = aFirstStep();
        await store.create([first]);
        const steps = [
          anApproval(first.request, plusSeconds(T0, 1)),
          aStep(first.request, { type: "deny", actor: "bob" }),
        ];
        const results = await Promise.allSettled(steps.map((step) => store.save(step)));
        const won = results.findIndex(({ status }) => status === "fulfilled");
        expect(results[1 - won]).toMatchObject({ reason: { code: "version-conflict" } });
        expect(await store.load(first.request.id)).toEqual(steps[won]?.request);
        expect(await store.history(first.request.id)).toHaveLength(2);
      });
    });

    describe("Idempotency keys", () => {
      it("An idempotency key returns its first answer", async () => {
        const first = aFirstStep();
        expect(await store.idempotent(KEY.keyHash)).toBeUndefined();
        await store.create([first], { idempotency: KEY });
        await store.save(anApproval(first.request));
        expect(await store.idempotent(KEY.keyHash)).toEqual({
          bodyHash: "body",
          answer: first.request,
        });
      });

      it("A second create under a used key writes nothing, even for the same terms", async () => {
        const first = aFirstStep();
        await store.create([first], { idempotency: KEY });
        const again = aFirstStep({ id: countedId(2) });
        const other = aFirstStep({ id: countedId(3), access: VIEW });
        await expect(store.create([again], { idempotency: KEY })).rejects.toBeInstanceOf(
          IdempotencyTaken,
        );
        await expect(store.create([other], { idempotency: KEY })).rejects.toBeInstanceOf(
          IdempotencyTaken,
        );
        expect((await store.requestedBy("alice", { limit: 10 })).items).toEqual([first.request]);
      });

      it("One of two concurrent creates under the same key succeeds", async () => {
        const creates = [1, 2].map((n) =>
          store.create([aFirstStep({ id: countedId(n) })], { idempotency: KEY }),
        );
        const results = await Promise.allSettled(creates);
        const lost = results.filter((result) => result.status === "rejected");
        expect(lost.map(({ reason }) => reason)).toEqual([expect.any(IdempotencyTaken)]);
        const { items } = await store.requestedBy("alice", { limit: 10 });
        expect(items).toHaveLength(1);
        expect((await store.idempotent(KEY.keyHash))?.answer).toEqual(items[0]);
      });

      it("A refused create does not use up its idempotency key", async () => {
        await store.create([aFirstStep()]);
        await expect(
          store.create([aFirstStep({ id: countedId(2) })], { idempotency: KEY }),
        ).rejects.toThrow();
        expect(await store.idempotent(KEY.keyHash)).toBeUndefined();
      });
    });

    describe("A duplicate of a pending request", () => {
      it("A duplicate of a pending request is refused with that request's id", async () => {
        await store.create([aFirstStep()]);
        const again = aFirstStep({ id: countedId(2), durationSeconds: 60, reason: "other words" });
        await expect(store.create([again])).rejects.toMatchObject({
          code: "duplicate-request",
          facts: { id: countedId(1) },
        });
        await expect(store.load(countedId(2))).rejects.toThrow();
        expect(await store.history(countedId(2))).toEqual([]);
      });

      it("A duplicate is refused even if the policy would approve it at once", async () => {
        await store.create([aFirstStep()]);
        const again = aFirstStep({ id: countedId(2) });
        await expect(store.create([again, anApproval(again.request)])).rejects.toMatchObject({
          code: "duplicate-request",
          facts: { id: countedId(1) },
        });
      });

      it.each([
        ["approved", anApproval],
        ["denied", (r: Parameters<typeof anApproval>[0]) => aStep(r, { type: "deny" })],
        ["lapsed", (r: Parameters<typeof anApproval>[0]) => aStep(r, { type: "lapse" })],
      ])("A request is no duplicate once the first is %s", async (_state, next) => {
        const first = aFirstStep();
        await store.create([first]);
        await store.save(next(first.request));
        const again = aFirstStep({ id: countedId(2) });
        await store.create([again]);
        expect(await store.load(countedId(2))).toEqual(again.request);
      });

      it.each([
        ["from another person", { requester: "carol" }],
        ["for another cluster", { cluster: STAGING }],
        ["for another principal", { principalArn: "arn:aws:iam::111122223333:role/people/carol" }],
        ["for other access", { access: VIEW }],
        ["under another rule", { rule: "break-glass" }],
      ])("A request is no duplicate if it is %s", async (_whose, changed) => {
        await store.create([aFirstStep()]);
        await store.create([aFirstStep({ id: countedId(2), ...changed })]);
        expect((await store.awaiting(["payments-leads"], { limit: 10 })).items).toHaveLength(2);
      });
    });

    describe("A window of calls", () => {
      const window = (over: Partial<RateWindow> = {}): RateWindow => ({
        person: "alice",
        operation: "createRequest",
        from: T0,
        until: plusSeconds(T0, 600),
        ...over,
      });
      const counted = async (calls: number, most: number, over?: Partial<RateWindow>) => {
        const answers: boolean[] = [];
        for (let call = 0; call < calls; call += 1)
          answers.push(await store.countIn(window(over), most));
        return answers;
      };

      it("A window counts up to its limit and no further", async () => {
        expect(await counted(4, 2)).toEqual([true, true, false, false]);
        expect(await counted(2, 3)).toEqual([true, false]);
      });
      it.each([
        ["person", { person: "bob" }],
        ["operation", { operation: "other" }],
        ["time", { from: plusSeconds(T0, 600), until: plusSeconds(T0, 1_200) }],
      ])("Each %s has its own window", async (_what, over) => {
        await counted(1, 1);
        expect(await counted(2, 1, over)).toEqual([true, false]);
      });
      it("A window holds no more than its limit of concurrent calls", async () => {
        const calls = Array.from({ length: 12 }, () => store.countIn(window(), 5));
        const answers = await Promise.all(calls);
        expect(answers.filter((answer) => answer)).toHaveLength(5);
      });
    });

    it("Steps of several requests of one binding can be stored at the same time", async () => {
      const first = [1, 2, 3, 4].map((n) =>
        aFirstStep({
          id: countedId(n),
          cluster: PROD,
          access: {
            policy: "AmazonEKSViewPolicy",
            scope: { type: "namespace", namespaces: [`n${n}`] },
          },
        }),
      );
      for (const step of first) await store.create([step]);
      await Promise.all(first.map(({ request }) => store.save(anApproval(request))));
      expect((await store.grants({ limit: 10 })).items).toHaveLength(4);
    });
  });
}
