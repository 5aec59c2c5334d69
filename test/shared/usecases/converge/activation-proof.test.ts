import { describe, expect, it } from "vitest";
import { EDIT, memoryBroker, VIEW } from "../../../fakes/memory-broker.ts";

const STALE = { describe: 30_000, list: 30_000, judge: 30_000 };

describe("A stale read", () => {
  it("A stale read does not activate a grant whose access a removal has taken since", async () => {
    const broker = memoryBroker();
    broker.entries.edit(broker.addressOf(), () => ({ targets: { [VIEW]: ["ns/theirs"] } }));
    broker.clock.advance(120);
    const first = await broker.activeGrant();
    broker.clock.advance(120);
    await broker.end(first, "return");
    await broker.converge();
    const second = await broker.grant();
    broker.entries.lag = STALE;
    broker.faults.push(({ operation }) =>
      operation === "AssociateAccessPolicy"
        ? { failure: "throttled", code: "ResourceNotFoundException" }
        : undefined,
    );
    await broker.converge();
    expect(broker.namespaces(EDIT)).toEqual([]);
    expect((await broker.reload(second)).state).toBe("approved");
  });
});
