/** The API's answers to people who end access, over a broker in memory. */
import { describe, expect, it } from "vitest";
import { ACCESS_OPERATIONS } from "../../../functions/operations/access-operations.ts";
import type { ApiEvent } from "../../../functions/operations/operation.ts";
import { STOP_OPERATIONS } from "../../../functions/operations/stop-operations.ts";
import { edit, type MemoryBroker, memoryBroker, view } from "../../../lab/fakes/memory-broker.ts";
import { memoryStandingStore } from "../../../lab/fakes/memory-standing-store.ts";
import type { ApiPorts } from "../../../shared/ports/function-ports.ts";

const portsOf = ({ front }: MemoryBroker) =>
  ({ ...front, standing: memoryStandingStore() }) as unknown as ApiPorts;

const eventOf = (pathParameters: Readonly<Record<string, string>>, body: object = {}) =>
  ({
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
    isBase64Encoded: false,
    pathParameters,
  }) as unknown as ApiEvent;

describe("The answer to an end", () => {
  it("It says what the requester can still do there, whoever ended it", async () => {
    const broker = memoryBroker();
    const [one, other] = [
      await broker.activeGrant({ access: edit("payments-api") }),
      await broker.activeGrant({ access: view("payments-web") }),
    ];
    const { body } = await ACCESS_OPERATIONS.revokeGrant(
      portsOf(broker),
      broker.actor("carol"),
      eventOf({ id: one.id }),
    );
    expect(body).toMatchObject({
      id: one.id,
      state: "ending",
      remaining: { person: "alice", cluster: "prod" },
    });
    const { remaining } = body as { remaining: { access: readonly { by: string }[] } };
    expect(remaining.access.map(({ by }) => by)).toEqual([other.id, one.id]);
  });

  it("An end that is stored is answered also where nobody can read what is left", async () => {
    const broker = memoryBroker();
    const { id } = await broker.activeGrant();
    const grants = async () => Promise.reject(new Error("DynamoDB is away"));
    const ports = { ...portsOf(broker), requests: { ...broker.front.requests, grants } };
    const revoke = ACCESS_OPERATIONS.revokeGrant;
    const { body } = await revoke(ports, broker.actor("carol"), eventOf({ id }));
    expect(body).toMatchObject({ id, state: "ending" });
    expect(body).not.toHaveProperty("remaining");
  });

  it("It says nothing of what is left where no access was lent", async () => {
    const broker = memoryBroker();
    const { id } = await broker.ask();
    const { body } = await ACCESS_OPERATIONS.cancelRequest(
      portsOf(broker),
      broker.actor("alice"),
      eventOf({ id }),
    );
    expect(body).toMatchObject({ id, state: "cancelled" });
    expect(body).not.toHaveProperty("remaining");
  });
});

describe("The answer to a stop", () => {
  it("It counts the grants that end, and each of their people once", async () => {
    const broker = memoryBroker();
    await broker.activeGrant({ access: edit("payments-api") });
    await broker.activeGrant({ access: view("payments-web") });
    const drained = await STOP_OPERATIONS.drain(
      portsOf(broker),
      broker.actor("carol"),
      eventOf({}, { reason: "A key leaked.", evenIfNobodyCanLift: true }),
    );
    expect(drained.body).toMatchObject({ remaining: { grants: 2, people: 1 } });
  });
});
