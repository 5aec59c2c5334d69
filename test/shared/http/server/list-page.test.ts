/** Pages of lists as the API answers them, over a broker in memory. */
import { describe, expect, it } from "vitest";
import { memoryBroker, view } from "../../../../lab/fakes/memory-broker.ts";
import { memoryCursorKeys } from "../../../../lab/fakes/memory-cursor-keys.ts";
import { listPage } from "../../../../shared/http/server/list-page.ts";
import type { Query } from "../../../../shared/http/server/page-query.ts";
import type { Page, PageQuery } from "../../../../shared/ports/request-store.ts";
import { endGrant } from "../../../../shared/usecases/requests/end-grant.ts";
import {
  listGrants,
  listToApprove,
  readHistory,
} from "../../../../shared/usecases/requests/read-requests.ts";

type Broker = ReturnType<typeof memoryBroker>;
type Read = (page: PageQuery) => Promise<Page<{ readonly id: string }>>;

/** Ids by page, until there is no next one. */
async function pages(broker: Broker, name: string, limit: string, read: Read) {
  const ports = { ...broker.front, cursorKeys: memoryCursorKeys() };
  const found: string[][] = [];
  for (let cursor: string | undefined, turn = 0; turn < 50; turn += 1) {
    const query = { limit, ...(cursor === undefined ? {} : { cursor }) };
    const { page, more } = await listPage(ports, broker.actor(name), ["list"], query, read);
    found.push(page.items.map(({ id }) => id));
    cursor = more.next;
    if (cursor === undefined) return found;
  }
  throw new Error("The list has no end.");
}

describe("Pages of grants", () => {
  it("Someone who may see few grants gets full pages, and no sign of the others", async () => {
    const broker = memoryBroker();
    const mine: string[] = [];
    for (let n = 0; n < 12; n += 1) {
      const by = n % 4 === 0 ? "alice" : "bob";
      const access = { policy: "AmazonEKSViewPolicy", scope: { type: "cluster" } } as const;
      const grant = await broker.ask({ cluster: "staging", access }, by);
      if (by === "alice") mine.push(grant.id);
      broker.clock.advance(60);
    }
    const read: Read = (page) => listGrants(broker.front, broker.actor("alice"), page);
    expect(await pages(broker, "alice", "2", read)).toEqual([mine.slice(0, 2), mine.slice(2)]);
    const all: Read = (page) => listGrants(broker.front, broker.actor("carol"), page);
    expect((await pages(broker, "carol", "5", all)).flat()).toHaveLength(12);
  });
});

describe("Pages of requests to approve", () => {
  it("Pages to approve hold every request once, oldest first, within the limit", async () => {
    const broker = memoryBroker({ settings: { requestsPerWindow: 100 } });
    const ids: string[] = [];
    for (let n = 0; n < 7; n += 1)
      ids.push((await broker.ask({ access: view(`payments-${n}`) })).id);
    const read: Read = (page) => listToApprove(broker.front, broker.actor("bob"), page);
    const found = await pages(broker, "bob", "3", read);
    expect(found).toEqual([ids.slice(0, 3), ids.slice(3, 6), ids.slice(6)]);
  });
});

describe("Pages of a history", () => {
  it("A history comes whole, page by page, and its cursor is of no use for another request", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    await endGrant(broker.front, broker.actor("alice"), grant.id, "cancel", undefined);
    const ports = { ...broker.front, cursorKeys: memoryCursorKeys() };
    const page = (of: string, query: Query, name = "alice") =>
      listPage(ports, broker.actor(name), ["listRequestEvents", of], query, (asked) =>
        readHistory(broker.front, broker.actor(name), grant.id, asked),
      );
    const first = await page(grant.id, { limit: "1" });
    const { next } = first.more;
    const rest = await page(grant.id, { cursor: next });
    expect([...first.page.items, ...rest.page.items].map(({ seq }) => seq)).toEqual([1, 2, 3]);
    expect(rest.more).toEqual({});
    for (const misused of [
      page("other", { cursor: next }),
      page(grant.id, { cursor: next }, "bob"),
    ])
      await expect(misused).rejects.toMatchObject({ code: "invalid-cursor" });
  });
});
