import { describe, expect, it } from "vitest";
import { ALICE, PROD } from "../../../../../lab/fakes/builders.ts";
import { memoryBroker } from "../../../../../lab/fakes/memory-broker.ts";
import { openLedger } from "../../../../../shared/domain/entries/ledger.ts";
import { BindingGrants } from "../../../../../shared/usecases/converge/binding-grants.ts";

describe("The grants of a pass", () => {
  it("A grant that somebody else changed first is no longer one of the pass", async () => {
    const broker = memoryBroker();
    const [changed, kept] = [await broker.grant(), await broker.grant()];
    const view = await broker.ports.bindings.view(broker.binding);
    const ledger = openLedger({
      binding: broker.binding,
      clusterArn: PROD.arn,
      principalArn: ALICE,
    });
    const grants = new BindingGrants(broker.ports, view, ledger);
    await broker.end(changed, "cancel");
    const at = broker.clock.now();
    const step = { type: "evidence", at, details: { calls: [] } } as const;
    const lost = await grants.stepAll([
      [changed.id, step],
      [kept.id, step],
    ]);
    expect([...lost]).toEqual([changed.id]);
    expect(grants.isConflicted).toBe(true);
    expect(grants.open.map(({ id }) => id)).toEqual([kept.id]);
  });
});
