/** Several things that are asked for at once. */
import { describe, expect, it } from "vitest";
import { ASK, edit, memoryBroker, view } from "../../../../lab/fakes/memory-broker.ts";
import type { Ask } from "../../../../shared/domain/requests/ask.ts";
import { digestOf } from "../../../../shared/domain/requests/digest.ts";
import type { BrokerError } from "../../../../shared/domain/values/errors.ts";
import { createAsk } from "../../../../shared/usecases/requests/create-ask.ts";

const STAGING: Ask = {
  ...ASK,
  cluster: "staging",
  access: { policy: "AmazonEKSViewPolicy", scope: { type: "cluster" } },
};
const OTHER: Ask = { ...ASK, access: view("payments-api") };
const GLASS: Ask = {
  ...ASK,
  access: { policy: "AmazonEKSClusterAdminPolicy", scope: { type: "cluster" } },
  durationSeconds: 1_800,
};

type Broker = ReturnType<typeof memoryBroker>;
const asking = (broker: Broker, asks: readonly Ask[], by = "alice", key?: string) =>
  createAsk(broker.front, broker.actor(by), asks, key);
const refusalOf = async (broker: Broker, asks: readonly Ask[], by = "alice") => {
  const error = await asking(broker, asks, by).catch((thrown: unknown) => thrown as BrokerError);
  expect(error).toMatchObject({ code: "ask-refused" });
  return (error as BrokerError).facts["parts"];
};
const expectNothing = ({ tables, queue }: Broker) => {
  expect([tables.requests.size, tables.events.length, queue.sent.length]).toEqual([0, 0, 0]);
};

describe("Asking for several things at once", () => {
  it("Each is stored as a request of its own, under its own rule, and names the others", async () => {
    const broker = memoryBroker();
    const [one, two, three] = await asking(broker, [ASK, STAGING, OTHER]);
    expect([one, two, three]).toMatchObject([
      { state: "pending", rule: "payments-edit", askedWith: [two?.id, three?.id] },
      { state: "approved", rule: "view-staging", askedWith: [one?.id, three?.id] },
      { state: "pending", rule: "payments-edit", askedWith: [one?.id, two?.id] },
    ]);
    expect(broker.queue.sent).toHaveLength(1);
    const history = await broker.front.requests.history(one?.id ?? "");
    expect(history).toMatchObject([{ details: { askedWith: [two?.id, three?.id] } }]);
  });

  it("The digest of a part is that of the same request by itself: the others are no terms of it", async () => {
    const broker = memoryBroker();
    const [one] = await asking(broker, [ASK, STAGING]);
    const { askedWith: _, ...alone } = one ?? ({} as never);
    expect(digestOf(alone)).toBe(one?.digest);
  });

  it("Each lives by itself: one is approved and lent, another denied", async () => {
    const broker = memoryBroker();
    const [one, two] = await asking(broker, [ASK, OTHER]);
    if (!one || !two) throw new Error("Nothing was stored.");
    await broker.approve(one);
    await broker.converge();
    await broker.end(two, "cancel");
    expect((await broker.front.requests.load(one.id)).state).toBe("active");
    expect((await broker.front.requests.load(two.id)).state).toBe("cancelled");
  });

  it("Where one part is refused nothing is stored, and each that is refused says why", async () => {
    const broker = memoryBroker();
    const parts = await refusalOf(broker, [
      ASK,
      { ...STAGING, cluster: "nowhere" },
      { ...OTHER, durationSeconds: 999_999 },
    ]);
    expect(parts).toMatchObject([
      { part: 2, problem: "policy-denied" },
      { part: 3, problem: "duration-too-long" },
    ]);
    expectNothing(broker);
  });

  it("No part is break-glass", async () => {
    const broker = memoryBroker();
    const parts = await refusalOf(broker, [STAGING, GLASS], "carol");
    expect(parts).toMatchObject([
      { part: 2, problem: "policy-denied", detail: expect.stringContaining("break-glass") },
    ]);
    expectNothing(broker);
  });

  it("The same access twice is refused at the second", async () => {
    const broker = memoryBroker();
    expect(await refusalOf(broker, [ASK, STAGING, { ...ASK, durationSeconds: 600 }])).toMatchObject(
      [{ part: 3, problem: "duplicate-request" }],
    );
    expectNothing(broker);
  });

  it("What is pending already is refused by the store, with the part", async () => {
    const broker = memoryBroker();
    const { id } = await broker.ask();
    expect(await refusalOf(broker, [STAGING, ASK])).toMatchObject([
      { part: 2, problem: "duplicate-request", id },
    ]);
    expect(broker.tables.requests.size).toBe(1);
  });

  it("A limit that they pass together names all of them", async () => {
    const broker = memoryBroker({ settings: { pendingRequestsPerPerson: 1 } });
    expect(await refusalOf(broker, [ASK, STAGING, OTHER])).toMatchObject([
      { part: 1, problem: "too-many-pending" },
      { part: 3, problem: "too-many-pending" },
    ]);
    expectNothing(broker);
  });

  it("A repeated ask with the same key is answered as at first, and stored once", async () => {
    const broker = memoryBroker();
    const first = await asking(broker, [ASK, STAGING], "alice", "key-1");
    expect(await asking(broker, [ASK, STAGING], "alice", "key-1")).toEqual(first);
    expect(broker.tables.requests.size).toBe(2);
    await expect(asking(broker, [STAGING, ASK], "alice", "key-1")).rejects.toMatchObject({
      code: "idempotency-mismatch",
    });
  });

  it("Each part counts as a call", async () => {
    const broker = memoryBroker({ settings: { requestsPerWindow: 3 } });
    await asking(broker, [ASK, STAGING]);
    await expect(asking(broker, [OTHER, { ...ASK, access: edit("payments-x") }])).rejects.toEqual(
      expect.objectContaining({ code: "rate-limited" }),
    );
    expect(broker.tables.requests.size).toBe(2);
  });

  it("A table that is away is no refusal of a part", async () => {
    const broker = memoryBroker();
    const createTogether = () => Promise.reject(new Error("down"));
    const front = { ...broker.front, requests: { ...broker.front.requests, createTogether } };
    const asked = createAsk(front, broker.actor("alice"), [ASK, STAGING], undefined);
    await expect(asked).rejects.toThrow("down");
  });
});
