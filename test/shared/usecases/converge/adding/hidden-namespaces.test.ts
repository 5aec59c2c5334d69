import { describe, expect, it } from "vitest";
import { EDIT, edit, memoryBroker } from "../../../../../lab/fakes/memory-broker.ts";

describe("A namespace that a whole cluster hides", () => {
  it("A namespace that a whole cluster hides is forgotten once the grant that lent it has ended", async () => {
    const broker = memoryBroker();
    broker.entries.edit(broker.addressOf(), () => ({ targets: { [EDIT]: ["ns/theirs"] } }));
    broker.clock.advance(120);
    const asked = await broker.activeGrant({ access: edit("payments-api") });
    broker.clock.advance(120);
    broker.entries.edit(broker.addressOf(), () => ({ targets: { [EDIT]: ["cluster"] } }));
    await broker.end(asked, "return");
    await broker.settle();
    expect((await broker.reload(asked)).state).toBe("ended");
    // A stale read may still show it, until one read lag after the read that found it gone.
    await broker.settle(60);
    expect(broker.ledgers.ledgers.get(broker.binding)?.targets).toEqual({});
    expect(broker.tables.heads.get(broker.binding)?.dueAt).toBeNull();
  });

  it("A namespace that a whole cluster hides is the owner's once they scope it to namespaces again", async () => {
    const broker = memoryBroker();
    broker.othersHad({ [EDIT]: ["ns/theirs"] });
    const asked = await broker.activeGrant({ access: edit("payments-api") });
    broker.clock.advance(120);
    broker.othersPut({ [EDIT]: ["cluster"] });
    await broker.end(asked, "return");
    await broker.converge();
    expect((await broker.reload(asked)).state).toBe("ended");
    broker.othersPut({ [EDIT]: ["ns/payments-api", "ns/theirs"] });
    await broker.settle();
    expect(broker.namespaces(EDIT)).toEqual(["payments-api", "theirs"]);
  });
});
