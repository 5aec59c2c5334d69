/** An addition waits for the intent that explains it, which is stored while the ledger is saved. */
import { setImmediate as turn } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { memoryBroker } from "../../../../../lab/fakes/memory-broker.ts";
import type { CallIntent } from "../../../../../shared/domain/evidence/calls/call-intent.ts";

/** The intent of calls to EKS. Fuses have one of their own. */
const isOfCalls = ([intent]: readonly unknown[]) => (intent as CallIntent).calls.length > 0;

/** More turns of the event loop than a run on fakes takes. */
const TURNS = 20;

describe("The intent of an addition", () => {
  it("No call goes out before the intent is stored, however long that takes", async () => {
    const broker = memoryBroker();
    await broker.grant();
    const meanwhile: string[] = [];
    broker.before(
      "evidence.putIntent",
      async () => {
        for (let turns = 0; turns < TURNS; turns += 1) await turn();
        meanwhile.push(...broker.operations());
        meanwhile.push(`revision ${(await broker.ledger())?.revision}`);
      },
      isOfCalls,
    );
    await broker.converge();
    // The ledger that announces the calls was saved meanwhile, and no call was made.
    expect(meanwhile).toEqual(["revision 2"]);
    expect(broker.operations()).toEqual(["CreateAccessEntry", "AssociateAccessPolicy"]);
  });

  it("No call goes out where the intent cannot be stored, although the ledger announces it", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    const down = new Error("The tables are away.");
    const repair = broker.breakPort("evidence.putIntent", down, isOfCalls);
    await expect(broker.converge()).rejects.toThrow(down);
    expect((await broker.ledger())?.begun).toHaveProperty(grant.id);
    expect(broker.operations()).toEqual([]);
    repair();
    await broker.converge();
    expect(broker.operations()).toEqual(["CreateAccessEntry", "AssociateAccessPolicy"]);
  });
});
