import { describe, expect, it } from "vitest";
import { memoryBroker } from "../../../../../lab/fakes/memory-broker.ts";
import { callsIn } from "../../../../../shared/domain/requests/audit-event.ts";

describe("A run that loses the race three times", () => {
  it("A run that loses the race three times still records its calls", async () => {
    const broker = memoryBroker();
    const asked = await broker.grant();
    const { ledgers } = broker.ledgers;
    const outrun = () => {
      const ledger = ledgers.get(broker.binding);
      if (ledger) ledgers.set(broker.binding, { ...ledger, revision: ledger.revision + 1 });
      broker.before("ledgers.save", outrun);
    };
    broker.after("entries.associate", async () => {
      await broker.end(asked, "cancel");
      outrun();
    });
    await broker.converge();
    const events = await broker.front.requests.history(asked.id);
    const operations = events.flatMap((event) => callsIn(event).map(({ operation }) => operation));
    expect(operations).toContain("AssociateAccessPolicy");
  });
});
