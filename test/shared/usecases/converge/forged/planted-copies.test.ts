/** Copies of a grant's record, under other ids or put back after its end, as functions that face people could plant. */
import { describe, expect, it } from "vitest";
import { failCalls, REFUSED } from "../../../../../lab/fakes/broker-sights.ts";
import {
  EDIT,
  edit,
  type MemoryBroker,
  memoryBroker,
} from "../../../../../lab/fakes/memory-broker.ts";
import type { AccessRequest } from "../../../../../shared/domain/requests/request.ts";

/** Sorts before every true id. */
const FIRST = "00000000-0000-7000-8000-000000000000";

/** Puts a record first into the partition of alice's entry on prod. */
function plant({ tables, binding }: MemoryBroker, record: AccessRequest) {
  const stored = new Map(tables.grants.get(binding));
  stored.delete(record.id);
  tables.grants.set(binding, new Map([[record.id, record], ...stored]));
}

describe("Copies of an active grant under other ids", () => {
  it.each([
    ["active", 100],
    ["active", 480],
    ["active", 990],
    ["ending", 480],
    ["ending", 990],
  ] as const)(
    "Those in state %s, %d of them, keep nothing past its end where there is no fuse",
    async (state, count) => {
      const broker = memoryBroker();
      broker.othersHad({ [EDIT]: ["ns/own"] });
      const grant = await broker.activeGrant();
      for (let at = 0; at < count; at += 1) {
        const id = FIRST.slice(0, -4) + String(at).padStart(4, "0");
        plant(broker, { ...grant, id, state });
      }
      await broker.convergeAtEnd(grant);
      expect(broker.namespaces(EDIT)).toEqual(["own"]);
    },
  );
});

describe("A copy of an active grant whose access is changed later", () => {
  it("It takes nothing that others add to the entry", async () => {
    const broker = memoryBroker();
    broker.othersHad({ [EDIT]: ["ns/own"] });
    const grant = await broker.activeGrant();
    const copy = { ...grant, id: FIRST };
    plant(broker, copy);
    await broker.converge();
    plant(broker, { ...copy, access: edit("others") });
    broker.othersPut({ [EDIT]: ["ns/own", "ns/others"] });
    await broker.settle(600);
    expect(broker.namespaces(EDIT)).toEqual(expect.arrayContaining(["own", "others"]));
  });
});

describe("A record put back under the version of its grant's end", () => {
  const back = (broker: MemoryBroker, old: AccessRequest, ended: AccessRequest) => {
    const { version, lastHash, updatedAt } = ended;
    plant(broker, { ...old, version, lastHash, updatedAt });
  };

  it("A grant that was revoked loses its access", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    back(broker, grant, await broker.end(grant, "revoke", "carol"));
    await broker.converge();
    expect(broker.actual()).toBeUndefined();
  });

  it.each(["cancelled", "returned"] as const)("A grant that was %s never begins", async (how) => {
    const broker = memoryBroker();
    const approved = await broker.grant();
    if (how === "returned") await broker.converge();
    await broker.end(await broker.reload(approved), how === "returned" ? "return" : "cancel");
    await broker.converge();
    await broker.settle();
    expect(await broker.states(approved)).toEqual(["ended"]);
    back(broker, approved, await broker.reload(approved));
    await broker.converge();
    await broker.settle();
    expect(broker.actual()).toBeUndefined();
  });
});

describe("A record put back as it was before its grant failed", () => {
  it("A grant that AWS refused gets nothing more, not even for a moment", async () => {
    const broker = memoryBroker();
    const approved = await broker.grant();
    failCalls(broker, "AssociateAccessPolicy", REFUSED, { times: 1 });
    await broker.settle();
    expect(await broker.states(approved)).toEqual(["failed"]);
    const before = broker.operations().length;
    plant(broker, approved);
    await broker.settle();
    expect(broker.operations(before)).toEqual([]);
  });
});
