import { describe, expect, it } from "vitest";
import { T0 } from "../../../lab/fakes/builders.ts";
import { edit, memoryBroker } from "../../../lab/fakes/memory-broker.ts";
import { plusSeconds } from "../../../shared/domain/values/instant.ts";
import { listAuditEvents } from "../../../shared/usecases/requests/read-requests.ts";

const LONG_AFTER = "2100-01-01T00:00:00.000Z";
type Broker = ReturnType<typeof memoryBroker>;

/** The list that carol gets, who is an auditor. */
const list = (broker: Broker, from: string, to: string, after?: string) =>
  listAuditEvents(broker.front, broker.actor("carol"), from, to, {
    limit: 2,
    ...(after === undefined ? {} : { after }),
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

describe("The list of everyone's audit events", () => {
  it("The list ends a minute ago, whatever end is asked for, and its answer says so", async () => {
    const broker = await requests(4);
    const { items, to } = await list(broker, T0, LONG_AFTER);
    expect(to).toBe(plusSeconds(broker.clock.now(), -60));
    expect(items.map(({ at }) => at)).toEqual([T0]);
  });

  it("The list ends at the requested time if that is earlier", async () => {
    const broker = await requests(2);
    broker.clock.advance(3_600);
    const to = plusSeconds(T0, 30);
    expect(await list(broker, T0, to)).toMatchObject({ to, items: [{ at: T0 }] });
  });

  it("The list contains nothing from the last minute, and its answer does not cover it", async () => {
    const broker = await requests(1);
    expect(await list(broker, T0, LONG_AFTER)).toEqual({ items: [], to: T0 });
  });

  it("The list continues from page to page while the clock moves", async () => {
    const broker = await requests(5);
    const first = await list(broker, T0, LONG_AFTER);
    expect(first.next).toBeUndefined();
    broker.clock.advance(30);
    const { next: after } = await list(broker, T0, LONG_AFTER);
    broker.clock.advance(3_600);
    const next = await list(broker, T0, LONG_AFTER, after);
    expect(next.items).toHaveLength(2);
    expect(next.to).toBe(plusSeconds(broker.clock.now(), -60));
  });

  it("Two consecutive exports contain each event exactly once", async () => {
    const broker = await requests(4);
    const first = await list(broker, T0, LONG_AFTER);
    broker.clock.advance(3_600);
    const second = await list(broker, first.to, LONG_AFTER);
    const third = await list(broker, first.to, LONG_AFTER, second.next);
    const ids = [first, second, third].flatMap(({ items }) =>
      items.map(({ requestId }) => requestId),
    );
    expect(ids).toHaveLength(4);
    expect(new Set(ids).size).toBe(4);
  });
});
