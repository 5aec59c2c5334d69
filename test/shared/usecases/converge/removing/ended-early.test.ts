/** Access that converge took before its time, while the requests table took no step that says so. */
import { expect, it } from "vitest";
import { T0 } from "../../../../../lab/fakes/builders.ts";
import { memoryBroker } from "../../../../../lab/fakes/memory-broker.ts";
import { plusSeconds } from "../../../../../shared/domain/values/instant.ts";

it.each([
  ["before its time is over", 60],
  ["when its time is over", 2 * 3_600],
])("It is not said to have expired, stored %s", async (_, laterSeconds) => {
  const broker = memoryBroker();
  const grant = await broker.activeGrant();
  await broker.front.requests.noteEnd(grant.id, { actor: "alice", at: T0, verb: "return" });
  const repair = broker.breakPort("requests.save", new Error("The table takes nothing."));
  await broker.converge().catch(() => undefined);
  expect(broker.actual()).toBeUndefined();
  expect(await broker.states(grant)).toEqual(["active"]);
  repair();
  broker.clock.set(plusSeconds(broker.clock.now(), laterSeconds));
  await broker.settle();
  const types = (await broker.history(grant)).map(({ type }) => type);
  expect(types).toEqual(expect.arrayContaining(["withdraw", "settle"]));
  expect(types).not.toContain("expire");
  expect((await broker.reload(grant)).outcome?.code).toBe("ended-early");
});

it("Access that ends by its time is said to have expired, also by a later run", async () => {
  const broker = memoryBroker();
  const grant = await broker.activeGrant();
  broker.clock.set(grant.revokeAt ?? "");
  const repair = broker.breakPort("requests.save", new Error("The table takes nothing."));
  await broker.converge().catch(() => undefined);
  expect(broker.actual()).toBeUndefined();
  repair();
  await broker.settle();
  expect((await broker.reload(grant)).outcome?.code).toBe("expired");
});
