import { beforeEach, describe, expect, it } from "vitest";
import { aFirstStep, anApproval, aStep, T0 } from "../../lab/fakes/builders.ts";
import { countedId } from "../../lab/fakes/counted-ids.ts";
import type { AccessRequest } from "../../shared/domain/requests/request.ts";
import { plusSeconds } from "../../shared/domain/values/instant.ts";
import type { Page, RequestStore } from "../../shared/ports/request-store.ts";

const HOUR = 3_600;

/** The guarantees of every RequestStore about its lists. `make` returns an empty one. */
export function requestListsContract(name: string, make: () => Promise<RequestStore>) {
  describe(`${name} as a RequestStore with lists`, () => {
    let store: RequestStore;
    beforeEach(async () => {
      store = await make();
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

      it("A second circle gets pending requests, until they are decided", async () => {
        const escalate = { afterSeconds: 900, groups: ["sre"] };
        const step = made(1, {
          requirements: [{ groups: ["payments-leads"], count: 1, escalate }],
        });
        await store.create([step]);
        expect((await store.awaiting(["sre"], { limit: 10 })).items).toEqual([step.request]);
        await store.save(anApproval(step.request));
        expect((await store.awaiting(["sre"], { limit: 10 })).items).toEqual([]);
      });

      it("Open reviews are listed by when they are due, until each is closed", async () => {
        const opened = (id: number, dueAt: string) => {
          const first = made(id, { breakGlass: true, requirements: [] });
          const review = { by: ["platform"], dueAt };
          return [
            first,
            aStep(first.request, {
              type: "approve",
              details: { review },
              changes: { review: { ...review, closed: null } },
            }),
          ] as const;
        };
        const late = opened(1, "2026-11-27T10:00:00.000Z");
        const soon = opened(2, "2026-11-26T10:00:00.000Z");
        for (const steps of [late, soon]) await store.create(steps);
        await store.create([made(3)]);
        const ids = async (page = {}) =>
          (await store.openReviews({ limit: 10, ...page })).items.map(({ id }) => id);
        expect(await ids()).toEqual([soon[1].request.id, late[1].request.id]);
        const first = await store.openReviews({ limit: 1 });
        expect(first.items.map(({ id }) => id)).toEqual([soon[1].request.id]);
        expect(await ids({ after: first.next })).toEqual([late[1].request.id]);
        const isLate = ({ id }: AccessRequest) => id === late[1].request.id;
        expect((await store.openReviews({ limit: 10 }, isLate)).items).toEqual([late[1].request]);
        const failed = aStep(soon[1].request, { type: "refuse" });
        await store.save(failed);
        expect(await ids()).toEqual([soon[1].request.id, late[1].request.id]);
        const { review } = failed.request;
        if (!review) throw new Error("It has a review.");
        const closed = { person: "bob", at: review.dueAt, note: "seen" };
        const step = aStep(failed.request, {
          type: "review",
          details: { note: "seen", surface: "api", proof: {} },
          changes: { review: { ...review, closed } },
        });
        await store.save(step);
        expect(await ids()).toEqual([late[1].request.id]);
        expect(await store.load(step.request.id)).toEqual(step.request);
        expect((await store.grants({ limit: 10 })).items.map(({ id }) => id)).toEqual([
          late[1].request.id,
        ]);
      });

      it("A request may have forty groups of approvers, in either circle", async () => {
        const groups = Array.from({ length: 40 }, (_, n) => `group-${n}`);
        const escalate = { afterSeconds: 900, groups: groups.slice(20) };
        const step = made(1, {
          requirements: [{ groups: groups.slice(0, 20), count: 1, escalate }],
        });
        await store.create([step], { idempotency: { keyHash: "a", bodyHash: "b" }, nonce: "n" });
        expect((await store.awaiting(["group-39"], { limit: 10 })).items).toEqual([step.request]);
        await store.save(anApproval(step.request), { nonce: "m" });
        expect((await store.awaiting(groups, { limit: 10 })).items).toEqual([]);
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
