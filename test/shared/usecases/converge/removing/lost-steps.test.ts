import { describe, expect, it } from "vitest";
import { EDIT, memoryBroker } from "../../../../../lab/fakes/memory-broker.ts";

describe("A run whose step lost a race", () => {
  it("A run whose step lost a race forgets nothing, so no end is concluded with access left", async () => {
    const broker = memoryBroker();
    const { addressOf, entries } = broker;
    const asked = await broker.grant();
    // The requester cancels while the run adds access. Then a read is a minute old.
    broker.after("entries.associate", async () => {
      await broker.end(asked, "cancel");
      entries.lag = { describe: 60_000, list: 60_000, judge: 60_000 };
    });
    await broker.converge();
    expect((await broker.reload(asked)).state).toBe("ending");
    expect(entries.peek(addressOf())?.targets[EDIT]).toBeDefined();
    entries.lag = {};
    await broker.settle();
    expect((await broker.reload(asked)).state).toBe("ended");
    expect(entries.peek(addressOf())).toBeUndefined();
  });

  it("A run whose step lost a race keeps the fuse of a grant that another run reported active", async () => {
    const broker = memoryBroker();
    const asked = await broker.grant();
    broker.before(
      "requests.save",
      () => broker.converge(),
      ([step]) => isActivation(step),
    );
    await broker.converge();
    expect((await broker.reload(asked)).state).toBe("active");
    expect([...broker.schedules.timers.values()].map(({ kind }) => kind).sort()).toEqual([
      "fuse",
      "revocation",
    ]);
    expect(broker.namespaces(EDIT)).toEqual(["payments-api"]);
  });
});

const isActivation = (step: unknown): boolean =>
  (step as { readonly event: { readonly type: string } }).event.type === "activate";
