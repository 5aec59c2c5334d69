import { describe, expect, it } from "vitest";
import { APPLIED_UNANSWERED } from "../../../../../lab/fakes/faults.ts";
import { EDIT, memoryBroker, VIEW } from "../../../../../lab/fakes/memory-broker.ts";

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

  it("A read from before a removal without an answer activates no grant that needs what it took", async () => {
    const broker = memoryBroker();
    broker.othersHad({ [EDIT]: ["ns/theirs"] });
    const first = await broker.activeGrant();
    broker.failNext("AssociateAccessPolicy", APPLIED_UNANSWERED);
    broker.clock.set(first.revokeAt ?? "");
    // The run that narrows finds it too. An expiry is not read back in the same run.
    const second = await broker.grant();
    await broker.converge();
    expect(broker.namespaces(EDIT)).toEqual(["theirs"]);
    expect((await broker.reload(second)).state).toBe("approved");
    await broker.settle(420);
    expect(broker.namespaces(EDIT)).toEqual(["payments-api", "theirs"]);
    expect((await broker.reload(second)).state).toBe("active");
  });
});
