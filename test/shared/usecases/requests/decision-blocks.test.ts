/**
 * Blocks that would keep the access of a pending request from its requester, as others read them.
 */
import { describe, expect, it } from "vitest";
import { aPolicy, T0 } from "../../../../lab/fakes/builders.ts";
import { memoryBroker } from "../../../../lab/fakes/memory-broker.ts";
import { withAdmins } from "../../../../lab/fakes/two-admins.ts";
import type { AccessRequest } from "../../../../shared/domain/requests/request.ts";
import { plusSeconds } from "../../../../shared/domain/values/instant.ts";
import { decisionBlocks } from "../../../../shared/usecases/requests/decision-blocks.ts";
import { changeStops } from "../../../../shared/usecases/stops/change-stops.ts";

/** T0 is a Tuesday, 10:00 UTC. */
const HOURS = { days: ["tue"], from: "10:00", to: "11:00", timezone: "UTC" } as const;

function world() {
  const base = aPolicy();
  const rules = base.rules.map((rule) => ({ ...rule, hours: HOURS }));
  const broker = memoryBroker({ policy: withAdmins({ ...base, rules }) });
  return {
    broker,
    suspend: (person: string) =>
      changeStops(broker.front, broker.actor("carol"), "suspend", person, "laptop stolen"),
    blocks: (request: AccessRequest, by = "bob") =>
      decisionBlocks(broker.front, broker.actor(by), request),
  };
}

describe("An approver's view of a pending request", () => {
  it("Nothing, where nothing keeps the access from its requester", async () => {
    const { broker, blocks } = world();
    expect(await blocks(await broker.ask())).toEqual([]);
  });

  it("The requester's suspension, and its reason only for admins", async () => {
    const { broker, suspend, blocks } = world();
    const request = await broker.ask();
    await suspend("alice");
    const said = { code: "suspended", person: "alice", by: "carol" };
    expect(await blocks(request)).toMatchObject([{ ...said, reason: null, mayLift: false }]);
    expect(await blocks(request, "dora")).toMatchObject([
      { ...said, reason: "laptop stolen", mayLift: true },
    ]);
  });

  it("The suspension of somebody else who holds the principal, which ends the access too", async () => {
    const { broker, suspend, blocks } = world();
    const request = await broker.ask();
    await suspend("bob");
    const through = { ...request, principalArn: broker.actor("bob").member.principals[0] ?? "" };
    expect(await blocks(request, "dora")).toEqual([]);
    expect(await blocks(through, "dora")).toMatchObject([{ code: "suspended", person: "bob" }]);
  });

  it("The requester reads their own stop elsewhere, and a decided request shows no block", async () => {
    const { broker, suspend, blocks } = world();
    const request = await broker.ask();
    const approved = await broker.approve(request);
    await suspend("alice");
    expect(await blocks(request, "alice")).toEqual([]);
    expect(await blocks(approved)).toEqual([]);
  });

  it("The hours of its rule, unless its start is still ahead", async () => {
    const { broker, blocks } = world();
    const request = await broker.ask();
    const startsAt = plusSeconds(T0, 7 * 86_400);
    const later = { ...request, startsAt };
    broker.clock.set("2026-11-24T11:00:00.000Z");
    expect(await blocks(request)).toEqual([
      { code: "outside-hours", rule: "payments-edit", opensAt: startsAt },
    ]);
    expect(await blocks(later)).toEqual([]);
  });
});
