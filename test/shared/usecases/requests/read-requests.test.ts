/** The view of each person on requests. */
import { describe, expect, it } from "vitest";
import { ALICE, aFirstStep, policyWith } from "../../../../lab/fakes/builders.ts";
import { memoryBroker } from "../../../../lab/fakes/memory-broker.ts";
import { plusSeconds } from "../../../../shared/domain/values/instant.ts";
import {
  listAuditEvents,
  listByPrefix,
  listGrants,
  listToApprove,
  readHistory,
} from "../../../../shared/usecases/requests/read-requests.ts";

const refused = (code: string) => expect.objectContaining({ code });

describe("Reading requests", () => {
  it("Everyone's events are shown to auditors only", async () => {
    const broker = memoryBroker();
    await broker.grant();
    broker.clock.advance(61);
    const read = (name: string) =>
      listAuditEvents(
        broker.front,
        broker.actor(name),
        "2026-11-24T00:00:00.000Z",
        "2026-11-25T00:00:00.000Z",
        { limit: 100 },
      );
    expect((await read("carol")).items).toHaveLength(2);
    await expect(read("bob")).rejects.toEqual(refused("forbidden"));
  });
  it("Grants are shown to the people whom they concern", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    for (const name of ["alice", "bob", "carol"])
      expect(
        (await listGrants(broker.front, broker.actor(name), { limit: 10 })).items,
      ).toMatchObject([{ id: grant.id }]);
    const eve = {
      ...broker.actor("bob"),
      member: { ...broker.actor("bob").member, name: "eve", groups: [] },
    };
    expect((await listGrants(broker.front, eve, { limit: 10 })).items).toEqual([]);
    const history = await readHistory(broker.front, broker.actor("alice"), grant.id, { limit: 9 });
    expect(history.items).toHaveLength(2);
  });
});

describe("Finding a request by the beginning of its id", () => {
  it("A request is found by those who may read it, and does not exist for others", async () => {
    const broker = memoryBroker();
    const { id } = await broker.ask();
    const find = async (name: string, over = {}) => {
      const actor = broker.actor("bob");
      const { member } = name === "eve" ? actor : broker.actor(name);
      const by = { ...actor, member: { ...member, ...over } };
      const page = await listByPrefix(broker.front, by, id.slice(0, 8), { limit: 10 });
      return page.items.map((request) => request.id);
    };
    for (const name of ["alice", "bob", "carol"]) expect(await find(name)).toEqual([id]);
    expect(await find("eve", { name: "eve", groups: [] })).toEqual([]);
  });
});

describe("Acting again, and reading what others did", () => {
  it("Repeating one's own approval stores nothing and wakes nothing", async () => {
    const broker = memoryBroker();
    const startsAt = plusSeconds(broker.clock.now(), 7_200);
    const asked = await broker.ask({ startsAt });
    const approved = await broker.approve(asked);
    const sent = broker.queue.sent.length;
    for (let again = 0; again < 5; again += 1)
      expect(await broker.approve(asked)).toEqual(approved);
    expect(broker.queue.sent).toHaveLength(sent);
    expect(await broker.history(asked)).toHaveLength(2);
  });

  it("Only auditors read the proof of who acted in a history", async () => {
    const broker = memoryBroker();
    const asked = await broker.grant();
    const read = async (name: string) =>
      (await readHistory(broker.front, broker.actor(name), asked.id, { limit: 9 })).items;
    for (const name of ["alice", "bob"]) {
      const text = JSON.stringify(await read(name));
      expect(text).toContain(asked.reason);
      expect(text).not.toMatch(/proof|callerId|gatewayRequestId|AROA/);
    }
    expect(await read("carol")).toEqual(await broker.history(asked));
    expect(JSON.stringify(await read("carol"))).toContain("AROA:bob");
  });
});

describe("Parts of a request that are hidden from people who may not see it", () => {
  it("Neither its history nor its messages", async () => {
    const broker = memoryBroker();
    const { id } = await broker.ask();
    const { member, ...actor } = broker.actor("bob");
    const eve = { ...actor, member: { ...member, name: "eve", groups: [] } };
    const history = readHistory(broker.front, eve, id, { limit: 9 });
    await expect(history).rejects.toEqual(refused("request-not-found"));
  });
});

describe("Requests that somebody is asked to decide on", () => {
  const waiting = async (broker: ReturnType<typeof memoryBroker>, name: string) =>
    (await listToApprove(broker.front, broker.actor(name), { limit: 10 })).items.map(
      ({ id }) => id,
    );

  it("It is what waits, until it lapses, and neither their own nor for a principal that they hold", async () => {
    const policy = policyWith({ approval: [{ groups: ["payments-leads", "payments"], count: 1 }] });
    const broker = memoryBroker({ policy });
    const asked = await broker.ask();
    expect(await waiting(broker, "bob")).toEqual([asked.id]);
    expect(await waiting(broker, "alice")).toEqual([]);
    broker.clock.set(plusSeconds(asked.lapsesAt, -0.001));
    expect(await waiting(broker, "bob")).toEqual([asked.id]);
    broker.clock.set(asked.lapsesAt);
    expect(await waiting(broker, "bob")).toEqual([]);
  });

  it("A holder of the principal is asked only where the rule lets them", async () => {
    const held = (approverMayHoldPrincipal: boolean) => {
      const policy = policyWith({ approverMayHoldPrincipal });
      const { bob, ...people } = policy.people;
      if (!bob) throw new Error("There is no bob.");
      return memoryBroker({
        policy: { ...policy, people: { ...people, bob: { ...bob, principals: [ALICE] } } },
      });
    };
    for (const may of [false, true]) {
      const broker = held(may);
      const request = aFirstStep();
      await broker.front.requests.create([request]);
      expect(await waiting(broker, "bob")).toEqual(may ? [request.request.id] : []);
    }
  });
});
