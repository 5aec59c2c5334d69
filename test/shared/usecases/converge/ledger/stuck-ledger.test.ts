/** A record is left out as stuck only by what the ledger, the read and the tables say. */
import { describe, expect, it } from "vitest";
import { memoryBroker } from "../../../../../lab/fakes/memory-broker.ts";
import { STUCK_AT_ONCE } from "../../../../../shared/domain/entries/bounds.ts";
import { noteLeftOut } from "../../../../../shared/usecases/converge/note-left-out.ts";
import type { Pass } from "../../../../../shared/usecases/converge/pass.ts";
import { stuckRecords } from "../../../../../shared/usecases/converge/stuck-records.ts";

/** A pass in which the step of a record conflicted again, while its request is at a later version. */
async function passWith(begun: object) {
  const broker = memoryBroker();
  const old = await broker.grant();
  const view = await broker.ports.bindings.view(broker.binding);
  const requests = { ...broker.ports.requests, isAt: async () => false };
  const pass = {
    ports: { ...broker.ports, requests },
    view,
    grants: { hasConflicted: () => true },
    held: { current: { begun } },
    earlier: { conflicted: new Map([[old.id, old.version]]), stuck: new Map() },
    run: { log: () => undefined },
  } as unknown as Pass;
  return { pass, id: old.id };
}

describe("A record whose step conflicted twice", () => {
  it("is stuck once no call for its grant can be missing from the read", async () => {
    const { pass, id } = await passWith({});
    const served = new Map([[id, "until"]]);
    const before = await stuckRecords(pass, { served, unshown: new Set([id]) });
    expect([...before.stuck.keys(), ...before.conflicted.keys()]).toEqual([]);
    const after = await stuckRecords(pass, { served, unshown: new Set() });
    expect([...after.stuck.keys()]).toEqual([id]);
  });

  it.each([
    [true, 1],
    [false, 0],
  ])("is stuck where it began only if it is over: %s", async (over, count) => {
    const { pass, id } = await passWith({});
    const held = { current: { begun: { [id]: { over } } } };
    const known = { served: new Map(), unshown: new Set<string>() };
    const { stuck } = await stuckRecords({ ...pass, held } as unknown as Pass, known);
    expect(stuck.size).toBe(count);
  });
});

it("The ledger keeps all stuck records that began", () => {
  const ids = Array.from({ length: 3 * STUCK_AT_ONCE }, (_, at) => `grant ${at}`);
  const { ledger } = noteLeftOut({
    view: { binding: "b", leftOut: [...ids, "other"].map((id) => ({ id, why: "stuck" })) },
    held: { current: { begun: Object.fromEntries(ids.map((id) => [id, { over: true }])) } },
    earlier: { stuck: new Map([...ids, "other"].map((id) => [id, 3])) },
    run: { log: () => undefined },
  } as unknown as Pass);
  expect(Object.keys(ledger.stuck ?? {})).toEqual(ids);
});
