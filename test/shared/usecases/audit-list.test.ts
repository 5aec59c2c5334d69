import { describe, expect, it } from "vitest";
import { plusSeconds } from "../../../shared/domain/values/instant.ts";
import { listAuditEvents } from "../../../shared/usecases/requests/read-requests.ts";
import { T0 } from "../../fakes/builders.ts";
import { edit, memoryBroker } from "../../fakes/memory-broker.ts";

const LONG_AFTER = "2100-01-01T00:00:00.000Z";
type Broker = ReturnType<typeof memoryBroker>;

/** What carol, who is an auditor, is answered. */
const list = (broker: Broker, from: string, to: string, cursor?: string) =>
  listAuditEvents(broker.front, broker.actor("carol"), from, to, {
    limit: 2,
    ...(cursor === undefined ? {} : { cursor }),
  });

/** Requests made every half minute, the last one now. */
async function requests(count: number) {
  const broker = memoryBroker();
  for (let n = 1; n <= count; n += 1) {
    if (n > 1) broker.clock.advance(30);
    await broker.ask({ access: edit(`payments-${n}`) });
  }
  return broker;
}

describe("everyone's audit events", () => {
  it("are listed up to a minute ago, whatever is asked for, and the answer says so", async () => {
    const broker = await requests(4);
    const { items, to } = await list(broker, T0, LONG_AFTER);
    expect(to).toBe(plusSeconds(broker.clock.now(), -60));
    expect(items.map(({ at }) => at)).toEqual([T0]);
  });

  it("are listed up to what is asked for where that is earlier", async () => {
    const broker = await requests(2);
    broker.clock.advance(3_600);
    const to = plusSeconds(T0, 30);
    expect(await list(broker, T0, to)).toMatchObject({ to, items: [{ at: T0 }] });
  });

  it("are none after a minute ago, and nothing is said of that time", async () => {
    const broker = await requests(1);
    expect(await list(broker, T0, LONG_AFTER)).toEqual({ items: [], to: T0 });
  });

  it("go on from page to page while the clock does", async () => {
    const broker = await requests(5);
    const first = await list(broker, T0, LONG_AFTER);
    expect(first.cursor).toBeUndefined();
    broker.clock.advance(30);
    const { cursor } = await list(broker, T0, LONG_AFTER);
    broker.clock.advance(3_600);
    const next = await list(broker, T0, LONG_AFTER, cursor);
    expect(next.items).toHaveLength(2);
    expect(next.to).toBe(plusSeconds(broker.clock.now(), -60));
  });

  it("are in two exports once each where the second begins with the end of the first", async () => {
    const broker = await requests(4);
    const first = await list(broker, T0, LONG_AFTER);
    broker.clock.advance(3_600);
    const second = await list(broker, first.to, LONG_AFTER);
    const third = await list(broker, first.to, LONG_AFTER, second.cursor);
    const ids = [first, second, third].flatMap(({ items }) =>
      items.map(({ requestId }) => requestId),
    );
    expect(ids).toHaveLength(4);
    expect(new Set(ids).size).toBe(4);
  });
});
