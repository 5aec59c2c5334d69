/** Lists of many of the largest requests that can be asked for, as the API answers them. */
import { beforeAll, describe, expect, it } from "vitest";
import { aFirstStep, settings, T0 } from "../../lab/fakes/builders.ts";
import { countedId } from "../../lab/fakes/counted-ids.ts";
import { memoryBroker } from "../../lab/fakes/memory-broker.ts";
import { memoryCursorKeys } from "../../lab/fakes/memory-cursor-keys.ts";
import { LONGEST_REASON } from "../../shared/domain/policy/reason.ts";
import { plusSeconds } from "../../shared/domain/values/instant.ts";
import { listPage } from "../../shared/http/server/list-page.ts";
import { requestSummary } from "../../shared/http/server/request-answer.ts";
import type { Page, PageQuery, RequestStore } from "../../shared/ports/request-store.ts";
import {
  listAuditEvents,
  listOwn,
  listToApprove,
} from "../../shared/usecases/requests/read-requests.ts";

/**
 * The largest answer of Lambda, in bytes.
 * https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
const LARGEST_ANSWER = 6 * 1_048_576;
const REQUESTS = 1_200;
const PEOPLE = 60;
const AT_ONCE = 20;
const LONGEST_TEXT = "\u{1f512}".repeat(LONGEST_REASON / 2);

type Answer = Page<unknown>;

/** The guarantees of every RequestStore about lists of many large requests. */
export function largeListsContract(name: string, make: () => Promise<RequestStore>) {
  describe(`${name}: 1,200 of the largest requests`, () => {
    const broker = memoryBroker();
    let ports: typeof broker.front;
    beforeAll(async () => {
      ports = { ...broker.front, requests: await make() };
      for (let n = 0; n < REQUESTS; n += AT_ONCE) {
        const few = Array.from({ length: AT_ONCE }, (_, at) => largest(n + at));
        const limit = { mostPending: settings().pendingRequestsPerPerson };
        await Promise.all(few.map((step) => ports.requests.create([step], limit)));
      }
    });

    /** Every page of a list as it is answered, each far smaller than an answer may be. */
    async function pagesOf(person: string, read: (page: PageQuery) => Promise<Answer>) {
      const listing = { ...ports, cursorKeys: memoryCursorKeys() };
      const actor = broker.actor(person);
      const pages: (readonly unknown[])[] = [];
      let cursor: string | undefined;
      do {
        const query = cursor === undefined ? {} : { cursor };
        const { page, more } = await listPage(listing, actor, ["list"], query, read);
        const body = JSON.stringify({ items: page.items, ...more });
        // Lambda answers a document that quotes the body once more.
        expect(Buffer.byteLength(JSON.stringify({ body }))).toBeLessThan(LARGEST_ANSWER / 4);
        pages.push(page.items);
        cursor = more.next;
      } while (cursor !== undefined);
      return pages;
    }
    const summaries = async (found: Promise<Page<Parameters<typeof requestSummary>[0]>>) => {
      const page = await found;
      return { ...page, items: page.items.map((each) => requestSummary(each, ports.policy)) };
    };
    const idsIn = (pages: readonly (readonly unknown[])[]) =>
      pages.flat().map((item) => (item as { readonly id: string }).id);

    it("The list to approve has each request once, oldest first, in pages that Lambda can answer", async () => {
      const pages = await pagesOf("bob", (page) =>
        summaries(listToApprove(ports, broker.actor("bob"), page)),
      );
      expect(pages.map(({ length }) => length)).toEqual(Array(12).fill(100));
      expect(idsIn(pages)).toEqual(Array.from({ length: REQUESTS }, (_, n) => countedId(n)));
    });

    it("A person's own list has as many of the largest requests as can be pending", async () => {
      const pages = await pagesOf("alice", (page) =>
        summaries(listOwn(ports, broker.actor("alice"), page)),
      );
      expect(idsIn(pages)).toEqual(
        Array.from({ length: REQUESTS / PEOPLE }, (_, n) => countedId(REQUESTS - PEOPLE * (n + 1))),
      );
    });

    it("The list of everyone's events has each event once, in pages that Lambda can answer", async () => {
      broker.clock.advance(86_400);
      const pages = await pagesOf("carol", (page) =>
        listAuditEvents(ports, broker.actor("carol"), T0, plusSeconds(T0, 86_400), page),
      );
      const events = pages.flat() as { readonly requestId: string }[];
      expect(events.map(({ requestId }) => requestId)).toEqual(
        Array.from({ length: REQUESTS }, (_, n) => countedId(n)),
      );
    });
  });
}

/**
 * The n-th request, with all that makes it large: the longest reason in characters of four bytes, the
 * most and longest namespaces, and approvals with the longest notes that do not suffice.
 */
function largest(n: number) {
  const namespaces = Array.from({ length: 50 }, (_, at) => `payments-${n}-${at}-`.padEnd(63, "x"));
  const createdAt = plusSeconds(T0, n);
  const step = aFirstStep({
    id: countedId(n),
    requester: n % PEOPLE === 0 ? "alice" : `person-${n % PEOPLE}`,
    reason: `INC-47110 ${LONGEST_TEXT}`.slice(0, LONGEST_REASON),
    access: { policy: "AmazonEKSEditPolicy", scope: { type: "namespace", namespaces } },
    createdAt,
    requirements: [
      { groups: ["payments-leads"], count: 10 },
      { groups: ["payments-leads", "sre"], count: 10 },
    ],
  });
  const approvals = Array.from({ length: 19 }, (_, at) => ({
    person: `approver-${at}`,
    surface: "api" as const,
    at: createdAt,
    note: LONGEST_TEXT,
    proof: { gatewayRequestId: `${n}`, callerId: `AROAEXAMPLE:approver-${at}` },
  }));
  return { ...step, request: { ...step.request, approvals } };
}
