/** Converge's log lines about failed calls. */
import { describe, expect, it } from "vitest";
import { failCalls, THROTTLED } from "../../../../lab/fakes/broker-sights.ts";
import { aFailedCall } from "../../../../lab/fakes/faults.ts";
import { type MemoryBroker, memoryBroker } from "../../../../lab/fakes/memory-broker.ts";

const logged = (broker: MemoryBroker, message: string) =>
  broker.logs.filter((line) => line.message === message).map(({ facts }) => facts);

describe("The log", () => {
  it.each([
    ["entry not read", "DescribeAccessEntry", 0],
    ["entry not read", "DescribeAccessEntry", 1],
    ["step failed", "AssociateAccessPolicy", 0],
    ["subject not read", "GetRole", 0],
    ["subject not read", "DescribeCluster", 0],
  ])(
    "The log of converge says '%s' once if %s is throttled after %i successful calls",
    async (message, operation, spared) => {
      const broker = memoryBroker();
      await broker.grant();
      failCalls(broker, operation, THROTTLED, { spared, times: 1 });
      await broker.converge();
      expect(logged(broker, message)).toEqual([
        expect.objectContaining({
          binding: broker.binding,
          operation,
          failure: "throttled",
          code: "ThrottlingException",
          detail: expect.stringContaining(operation),
          requestId: expect.stringContaining("request-"),
        }),
      ]);
    },
  );

  it.each([
    ["armRevocation", "timer not armed"],
    ["armFuse", "timer not armed"],
    ["disarmRevocation", "timer not deleted"],
    ["disarmFuse", "timer not deleted"],
  ])("The log of converge reports a timer whose %s fails: %s", async (touch, message) => {
    const broker = memoryBroker();
    broker.beforeEach(`schedules.${touch}`, () => {
      throw aFailedCall(touch);
    });
    const grant = await broker.grant();
    await broker.converge();
    await broker.end(grant, "revoke", "bob");
    await broker.converge();
    await broker.settle();
    expect(logged(broker, message)).toContainEqual(
      expect.objectContaining({
        binding: broker.binding,
        operation: touch,
        code: "ThrottlingException",
      }),
    );
  });

  it("The log of converge is empty while everything works", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    await broker.convergeAtEnd(grant);
    await broker.settle();
    expect(broker.logs).toEqual([]);
  });
});
