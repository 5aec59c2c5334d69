import { beforeEach, describe, expect, it } from "vitest";
import { aFirstStep, anApproval, aStep, T0 } from "../../lab/fakes/builders.ts";
import { countedId } from "../../lab/fakes/counted-ids.ts";
import type { AuditEvent } from "../../shared/domain/requests/audit-event.ts";
import type { CallRecord } from "../../shared/domain/requests/evidence.ts";
import type { Step } from "../../shared/domain/requests/lifecycle.ts";
import { PAGE_BYTES } from "../../shared/domain/requests/page-bytes.ts";
import { plusSeconds } from "../../shared/domain/values/instant.ts";
import type { Page, PageQuery, RequestStore } from "../../shared/ports/request-store.ts";

/** Calls that make an event of about 300 KB, near what DynamoDB stores as one item. */
const CALLS = Array.from({ length: 2_000 }, (_, n) => ({
  operation: "DeleteAccessEntry",
  requestId: `${n}`.padEnd(36, "-"),
  sessionName: "timelatch",
  at: T0,
  result: "ok",
}));

/** The guarantees of every RequestStore about pages of audit events. */
export function eventPagesContract(name: string, make: () => Promise<RequestStore>) {
  describe(`${name}: pages of audit events`, () => {
    let store: RequestStore;
    beforeEach(async () => {
      store = await make();
    });

    /** A request with its approval and `records` events that record calls. */
    async function stored(
      records: number,
      calls: readonly CallRecord[] = [],
    ): Promise<AuditEvent[]> {
      const first = aFirstStep();
      const steps: Step[] = [first, anApproval(first.request, plusSeconds(T0, 1))];
      await store.create([first]);
      await store.save(steps[1] as Step);
      for (let n = 0; n < records; n += 1) {
        const { request } = steps.at(-1) as Step;
        const at = plusSeconds(T0, n + 2);
        steps.push(
          aStep(request, { type: "evidence", actor: "timelatch", at, details: { calls } }),
        );
        await store.save(steps.at(-1) as Step);
      }
      return steps.map(({ event }) => event);
    }
    type Read = (page: PageQuery) => Promise<Page<AuditEvent>>;
    const lists = (): readonly Read[] => [
      (page) => store.historyPage(countedId(1), page),
      (page) => store.auditBetween(T0, plusSeconds(T0, 60), page),
    ];

    it("A history and the list of everyone's events come page by page, in one order", async () => {
      const events = await stored(3);
      for (const read of lists()) {
        const pages = await pagesOf(read, 2);
        expect(pages.map(({ length }) => length)).toEqual([2, 2, 1]);
        expect(pages.flat()).toEqual(events);
        expect(await read({ limit: 5 })).toEqual({ items: events });
      }
    });

    it("A page ends before its events take too many bytes, and no event is left out", async () => {
      const events = await stored(8, CALLS);
      for (const read of lists()) {
        const pages = await pagesOf(read, 100);
        expect(pages.flat()).toEqual(events);
        expect(pages.length).toBeGreaterThan(2);
        for (const page of pages)
          expect(JSON.stringify(page).length).toBeLessThan(PAGE_BYTES + 100);
      }
    });

    it("The history of an unknown request has one page without events", async () => {
      expect(await store.historyPage(countedId(9), { limit: 5 })).toEqual({ items: [] });
    });
  });
}

async function pagesOf(
  read: (page: PageQuery) => Promise<Page<AuditEvent>>,
  limit: number,
): Promise<readonly (readonly AuditEvent[])[]> {
  const pages: (readonly AuditEvent[])[] = [];
  for (let after: string | undefined, more = true; more; more = after !== undefined) {
    const page: Page<AuditEvent> = await read(after === undefined ? { limit } : { limit, after });
    pages.push(page.items);
    after = page.next;
  }
  return pages;
}
