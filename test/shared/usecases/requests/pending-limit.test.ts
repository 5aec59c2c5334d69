import { describe, expect, it } from "vitest";
import { edit, memoryBroker } from "../../../../lab/fakes/memory-broker.ts";

const limits = { pendingRequestsPerPerson: 2 };
const full = { code: "too-many-pending" };

describe("The limit on a person's pending requests", () => {
  it("One pending request too many is refused, with their number and the oldest one", async () => {
    const broker = memoryBroker({ settings: limits });
    const oldest = await broker.ask({ access: edit("payments-1") });
    await broker.ask({ access: edit("payments-2") });
    await expect(broker.ask({ access: edit("payments-3") })).rejects.toMatchObject({
      ...full,
      message: `alice has 2 pending requests; at most 2 are allowed. Nothing was stored. Cancel one of those first; the oldest is ${oldest.id}.`,
      facts: { person: "alice", pending: 2, most: 2, oldest: oldest.id },
    });
    expect((await broker.front.requests.requestedBy("alice", { limit: 10 })).items).toHaveLength(2);
  });

  it("A cancelled and a decided request each make room for another", async () => {
    const broker = memoryBroker({ settings: limits });
    const [one, two] = [
      await broker.ask({ access: edit("payments-1") }),
      await broker.ask({ access: edit("payments-2") }),
    ];
    await broker.end(one, "cancel");
    await broker.ask({ access: edit("payments-3") });
    await expect(broker.ask({ access: edit("payments-4") })).rejects.toMatchObject(full);
    await broker.approve(two);
    await broker.ask({ access: edit("payments-4") });
  });

  it("The limit of pending requests does not apply to requests that the policy approves", async () => {
    const broker = memoryBroker({ settings: limits });
    for (const n of [1, 2]) await broker.ask({ access: edit(`payments-${n}`) });
    const access = { policy: "AmazonEKSViewPolicy", scope: { type: "cluster" } } as const;
    expect((await broker.ask({ cluster: "staging", access })).state).toBe("approved");
  });
});
