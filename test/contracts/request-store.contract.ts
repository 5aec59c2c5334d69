import { beforeEach, describe, expect, it } from "vitest";
import { verifyChains } from "../../shared/domain/requests/audit-chain.ts";
import { plusSeconds } from "../../shared/domain/values/instant.ts";
import {
  IdempotencyTaken,
  type Page,
  type RateWindow,
  type RequestStore,
} from "../../shared/ports/request-store.ts";
import { aFirstStep, anApproval, aStep, PROD, STAGING, T0 } from "../fakes/builders.ts";
import { countedId } from "../fakes/counted-ids.ts";

const VIEW = {
  policy: "AmazonEKSViewPolicy",
  scope: { type: "namespace", namespaces: ["payments-api"] },
} as const;
const KEY = { keyHash: "key", bodyHash: "body" };
const HOUR = 3_600;

/** What every RequestStore guarantees. `make` returns an empty one. */
export function requestStoreContract(name: string, make: () => Promise<RequestStore>) {
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

    describe("Lists", () => {
      const namespace = (n: number) => ({
        policy: "AmazonEKSViewPolicy",
        scope: { type: "namespace" as const, namespaces: [`payments-${n}`] },
      });
      const made = (n: number, changed: Parameters<typeof aFirstStep>[0] = {}) =>
        aFirstStep({
          id: countedId(n),
          access: namespace(n),
          createdAt: plusSeconds(T0, n),
          ...changed,
        });

      it("A list contains a person's own requests, newest first, page by page", async () => {
        for (const n of [2, 1, 3]) await store.create([made(n)]);
        await store.create([made(4, { requester: "carol" })]);
        const pages = await pagesOf((from) => store.requestedBy("alice", { limit: 2, ...from }));
        expect(pages.map((items) => items.map(({ id }) => id))).toEqual([
          [countedId(3), countedId(2)],
          [countedId(1)],
        ]);
      });

      it("A list has no next page if a page is exactly full", async () => {
        for (const n of [1, 2]) await store.create([made(n)]);
        const page = await store.requestedBy("alice", { limit: 2 });
        expect(page.items).toHaveLength(2);
        expect(page).not.toHaveProperty("next");
        expect(await store.requestedBy("nobody", { limit: 2 })).toEqual({ items: [] });
      });

      it("A list shows the current state of a request", async () => {
        const first = made(1);
        await store.create([first]);
        const approval = anApproval(first.request);
        await store.save(approval);
        expect((await store.requestedBy("alice", { limit: 2 })).items).toEqual([approval.request]);
      });

      it("The approvers of any group get pending requests, oldest first and once", async () => {
        const both = [{ groups: ["payments-leads", "sre"], count: 1 }];
        const second = made(2, { requirements: both });
        const first = made(1);
        const others = made(3, { requirements: [{ groups: ["platform"], count: 1 }] });
        for (const step of [second, first, others]) await store.create([step]);
        expect((await store.awaiting(["payments-leads", "sre"], { limit: 10 })).items).toEqual([
          first.request,
          second.request,
        ]);
        expect((await store.awaiting(["sre"], { limit: 10 })).items).toEqual([second.request]);
        expect((await store.awaiting([], { limit: 10 })).items).toEqual([]);
      });

      it("Pending requests of several groups come page by page, in one order", async () => {
        const groups = [["payments-leads"], ["sre"], ["payments-leads", "sre"]];
        for (const n of [1, 2, 3, 4, 5, 6, 7]) {
          const requirements = [{ groups: groups[n % 3] ?? [], count: 1 }];
          await store.create([made(n, { requirements })]);
        }
        const pages = await pagesOf((from) =>
          store.awaiting(["payments-leads", "sre"], { limit: 3, ...from }),
        );
        expect(pages.map((items) => items.map(({ id }) => id))).toEqual([
          [countedId(1), countedId(2), countedId(3)],
          [countedId(4), countedId(5), countedId(6)],
          [countedId(7)],
        ]);
      });

      it("A page is filled with what is wanted, and the list ends where nothing more is", async () => {
        for (const n of [1, 2, 3, 4, 5, 6]) await store.create([made(n)]);
        const isWanted = ({ id }: { readonly id: string }) => [2, 5, 6].map(countedId).includes(id);
        const pages = await pagesOf((from) =>
          store.awaiting(["payments-leads"], { limit: 2, ...from }, isWanted),
        );
        expect(pages.map((items) => items.map(({ id }) => id))).toEqual([
          [countedId(2), countedId(5)],
          [countedId(6)],
        ]);
        for (const n of [1, 2, 3]) await store.save(anApproval(made(n).request));
        const grants = await pagesOf((from) => store.grants({ limit: 1, ...from }, isWanted));
        expect(grants.map((items) => items.map(({ id }) => id))).toEqual([[countedId(2)]]);
      });

      it("A request is listed for approval only while it is pending", async () => {
        const two = [
          { groups: ["payments-leads"], count: 1 },
          { groups: ["sre"], count: 1 },
        ];
        const first = made(1, { requirements: two });
        await store.create([first]);
        const half = aStep(first.request, { type: "approve", actor: "bob", to: "pending" });
        await store.save(half);
        expect((await store.awaiting(["sre"], { limit: 10 })).items).toEqual([half.request]);
        await store.save(anApproval(half.request));
        expect((await store.awaiting(["sre", "payments-leads"], { limit: 10 })).items).toEqual([]);
      });

      it("Grants are listed while access may exist, soonest to expire first, page by page", async () => {
        const steps = [made(1, { durationSeconds: 7_200 }), made(2), made(3), made(4)];
        for (const step of steps) await store.create([step, anApproval(step.request)]);
        await store.create([made(5)]);
        const third = await store.load(countedId(3));
        const ending = aStep(third, { type: "revoke" });
        await store.save(ending);
        expect((await store.grants({ limit: 10 })).items).toHaveLength(4);
        await store.save(aStep(ending.request, { type: "settle" }));
        const pages = await pagesOf((from) => store.grants({ limit: 2, ...from }));
        expect(pages.map((items) => items.map(({ id }) => id))).toEqual([
          [countedId(2), countedId(4)],
          [countedId(1)],
        ]);
      });
    });

    describe("Audit events between two instants", () => {
      const at = (n: number, seconds: number) =>
        aFirstStep({
          id: countedId(n),
          createdAt: plusSeconds(T0, seconds),
          requester: `person-${n}`,
        });

      it("Audit events include the first instant and exclude the last", async () => {
        const steps = [at(1, -1), at(2, 0), at(3, 10), at(4, 20)];
        for (const step of steps) await store.create([step]);
        const { items } = await store.auditBetween(T0, plusSeconds(T0, 20), { limit: 10 });
        expect(items).toEqual([steps[1]?.event, steps[2]?.event]);
      });

      it("Audit events are sorted by time over hours and days, page by page", async () => {
        const hours = [50, 0, 49, 1, 2, 75];
        const steps = hours.map((hour, n) => at(n + 1, hour * HOUR));
        for (const step of steps) await store.create([step]);
        const pages = await pagesOf((from) =>
          store.auditBetween(T0, plusSeconds(T0, 75 * HOUR), { limit: 2, ...from }),
        );
        expect(pages.flat().map((event) => event.at)).toEqual(
          [0, 1, 2, 49, 50].map((hour) => plusSeconds(T0, hour * HOUR)),
        );
        for (const page of pages) expect(page.length).toBeLessThanOrEqual(2);
      });

      it("Audit events continue from page to page if the last instant moves", async () => {
        const steps = [1, 2, 3].map((n) => at(n, n));
        for (const step of steps) await store.create([step]);
        const first = await store.auditBetween(T0, plusSeconds(T0, 3), { limit: 1 });
        const { next: after = "" } = first;
        const rest = await store.auditBetween(T0, plusSeconds(T0, 60), { limit: 5, after });
        expect([...first.items, ...rest.items]).toEqual(steps.map(({ event }) => event));
      });

      it("Audit events are found after months without any", async () => {
        const steps = [at(1, 0), at(2, 2_500 * HOUR)];
        for (const step of steps) await store.create([step]);
        const pages = await pagesOf((from) =>
          store.auditBetween(T0, plusSeconds(T0, 3_000 * HOUR), { limit: 5, ...from }),
        );
        expect(pages.flat()).toEqual(steps.map(({ event }) => event));
      });

      it("Audit events include all events of a request, whatever its state", async () => {
        const first = at(1, 0);
        const denial = aStep(first.request, { type: "deny", at: plusSeconds(T0, 5) });
        await store.create([first]);
        await store.save(denial);
        const { items } = await store.auditBetween(T0, plusSeconds(T0, 60), { limit: 10 });
        expect(items).toEqual([first.event, denial.event]);
      });

      it("Audit events are empty where nothing happened or the interval is empty", async () => {
        await store.create([at(1, 0)]);
        const later = plusSeconds(T0, HOUR);
        expect(
          (await store.auditBetween(later, plusSeconds(later, HOUR), { limit: 1 })).items,
        ).toEqual([]);
        expect(await store.auditBetween(T0, T0, { limit: 1 })).toEqual({ items: [] });
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

/** All pages of a list, until there is no next one. */
async function pagesOf<Item>(
  read: (from: { readonly after?: string }) => Promise<Page<Item>>,
): Promise<readonly (readonly Item[])[]> {
  const pages: (readonly Item[])[] = [];
  let after: string | undefined;
  do {
    const page: Page<Item> = await read(after === undefined ? {} : { after });
    pages.push(page.items);
    after = page.next;
  } while (after !== undefined);
  return pages;
}
