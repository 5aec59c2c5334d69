/** People end a grant while a run has read its record, and not yet its history. */
import { describe, expect, it } from "vitest";
import { VISIBLE_SECONDS } from "../../../../../lab/fakes/broker-sights.ts";
import { EDIT, edit, memoryBroker } from "../../../../../lab/fakes/memory-broker.ts";
import { callsIn } from "../../../../../shared/domain/requests/audit-event.ts";

describe("A grant that ends while its history is read", () => {
  it("It ends with its own calls on record, and nothing counts as forged", async () => {
    const broker = memoryBroker();
    const lasting = await broker.activeGrant();
    broker.clock.advance(VISIBLE_SECONDS);
    const returned = await broker.activeGrant({ access: edit("payments-web") });
    broker.clock.advance(VISIBLE_SECONDS);
    const isOwn = ([id]: readonly unknown[]) => id === returned.id;
    broker.before("requests.historyPage", () => broker.end(returned, "return"), isOwn);
    expect(await broker.converge()).toMatchObject({ recordsLeftOut: 0 });
    await broker.converge();
    expect(broker.namespaces(EDIT)).toEqual(["payments-api"]);
    const logged = broker.logs.map(({ message }) => message);
    expect(logged).not.toContain("records left out");
    const events = await broker.ports.requests.history(returned.id);
    expect(events.flatMap(callsIn).at(-1)).toMatchObject({ operation: "AssociateAccessPolicy" });
    expect((await broker.ports.requests.load(lasting.id)).state).toBe("active");
  });
});
