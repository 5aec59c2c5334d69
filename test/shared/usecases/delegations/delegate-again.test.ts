/** A delegation that is sent again under the idempotency key of the first time. */
import { describe, expect, it } from "vitest";
import { T0 } from "../../../../lab/fakes/builders.ts";
import { type MemoryBroker, memoryBroker } from "../../../../lab/fakes/memory-broker.ts";
import { DAY, policyDelegating } from "../../../../lab/fakes/policy-delegating.ts";
import { plusSeconds } from "../../../../shared/domain/values/instant.ts";
import { IdempotencyTaken } from "../../../../shared/ports/idempotency.ts";
import { delegate } from "../../../../shared/usecases/delegations/delegate.ts";

const until = plusSeconds(T0, DAY);
const delegating = (settings = {}) => memoryBroker({ policy: policyDelegating(), settings });

describe("A delegation that is sent again", () => {
  it("A repeated delegation with the same key gets the same one, and one is stored", async () => {
    const broker = delegating();
    const first = await broker.delegate("bob", "erin", { until }, "key-1");
    broker.clock.advance(60);
    expect(await broker.delegate("bob", "erin", { until }, "key-1")).toEqual(first);
    expect(broker.tables.delegations.size).toBe(1);
  });

  it("A repeated delegation without a key is another delegation", async () => {
    const broker = delegating();
    await broker.delegate("bob", "erin", { until });
    await broker.delegate("bob", "erin", { until });
    expect(broker.tables.delegations.size).toBe(2);
  });

  it.each([
    ["another delegate", "frank", {}],
    ["another end", "erin", { until: plusSeconds(until, 1) }],
    ["a beginning", "erin", { from: plusSeconds(T0, 60) }],
  ])("A key is refused for %s, and nothing is stored", async (_what, to, other) => {
    const broker = delegating();
    await broker.delegate("bob", "erin", { until }, "key-1");
    await expect(broker.delegate("bob", to, { until, ...other }, "key-1")).rejects.toMatchObject({
      code: "idempotency-mismatch",
    });
    expect(broker.tables.delegations.size).toBe(1);
  });

  it("A key of one person is nobody else's", async () => {
    const broker = delegating();
    await broker.delegate("bob", "erin", { until }, "key-1");
    const other = await broker.delegate("bella", "erin", { until }, "key-1");
    expect(other).toMatchObject({ by: "bella", to: "erin" });
    expect(broker.tables.delegations.size).toBe(2);
  });

  it("A delegation that was ended meanwhile is answered as ended, and not made again", async () => {
    const broker = delegating();
    const first = await broker.delegate("bob", "erin", { until }, "key-1");
    const ended = await broker.endDelegation(first, "erin");
    expect(await broker.delegate("bob", "erin", { until }, "key-1")).toEqual(ended);
    expect(ended.ended).toMatchObject({ person: "erin" });
    expect(broker.tables.delegations.size).toBe(1);
  });

  it("A call that a key answers is not counted", async () => {
    const broker = delegating({ requestsPerWindow: 1 });
    const first = await broker.delegate("bob", "erin", { until }, "key-1");
    expect(await broker.delegate("bob", "erin", { until }, "key-1")).toEqual(first);
    await expect(broker.delegate("bob", "frank")).rejects.toMatchObject({ code: "rate-limited" });
  });

  it("A refused delegation does not use up its key", async () => {
    const broker = delegating();
    await expect(broker.delegate("bob", "bob", { until }, "key-1")).rejects.toMatchObject({
      code: "delegation-to-self",
    });
    expect(await broker.delegate("bob", "erin", { until }, "key-1")).toMatchObject({ to: "erin" });
  });
});

describe("Two delegations at once under one key", () => {
  /** The first reads of the key find nothing, as if the first call was not stored yet. */
  const unseen = (broker: MemoryBroker, reads: number) => {
    let left = reads;
    const idempotent = async (hash: string) => {
      left -= 1;
      return left < 0 ? broker.front.delegations.idempotent(hash) : undefined;
    };
    return { ...broker.front, delegations: { ...broker.front.delegations, idempotent } };
  };
  const again = (broker: MemoryBroker, reads: number) =>
    delegate(
      unseen(broker, reads),
      broker.actor("bob"),
      { to: "erin", from: null, until },
      "key-1",
    );

  it("The later one gets the first, and one is stored", async () => {
    const broker = delegating();
    const first = await broker.delegate("bob", "erin", { until }, "key-1");
    expect(await again(broker, 1)).toEqual(first);
    expect(broker.tables.delegations.size).toBe(1);
  });

  it("The later one fails where the first cannot be found", async () => {
    const broker = delegating();
    await broker.delegate("bob", "erin", { until }, "key-1");
    await expect(again(broker, 2)).rejects.toBeInstanceOf(IdempotencyTaken);
  });

  it("A key that names somebody else's delegation answers nothing of it", async () => {
    const broker = delegating();
    await broker.delegate("bob", "erin", { until }, "key-1");
    const others = await broker.delegate("bella", "frank", { until });
    for (const [hash, used] of broker.tables.delegationKeys)
      broker.tables.delegationKeys.set(hash, { ...used, delegationId: others.id });
    await expect(broker.delegate("bob", "erin", { until }, "key-1")).rejects.toBeInstanceOf(
      IdempotencyTaken,
    );
  });
});
