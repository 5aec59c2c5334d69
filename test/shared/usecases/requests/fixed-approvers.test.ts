/** Approvers are fixed at the request, and may only become fewer. */
import { describe, expect, it } from "vitest";
import { type MemoryBroker, memoryBroker } from "../../../../lab/fakes/memory-broker.ts";
import { circles, oneOf, policyAsking } from "../../../../lab/fakes/policy-asking.ts";
import type { AccessRequest, Requirement } from "../../../../shared/domain/requests/request.ts";
import { decideRequest } from "../../../../shared/usecases/requests/decide-request.ts";
import { listToApprove } from "../../../../shared/usecases/requests/read-requests.ts";

/** A request under one policy, and its broker under another. */
async function askedBefore(then: readonly Requirement[], now: readonly Requirement[]) {
  const broker = memoryBroker({ policy: policyAsking(...then) });
  const asked = await broker.ask();
  return { broker, asked, front: { ...broker.front, policy: policyAsking(...now) } };
}

const decide = (
  broker: MemoryBroker,
  front: MemoryBroker["front"],
  { id, digest }: AccessRequest,
  by: string,
  verdict: "approve" | "deny" = "approve",
) => decideRequest(front, broker.actor(by), id, { verdict, digest });

describe("Approvers of a rule that changed since the request", () => {
  it.each(["approve", "deny"] as const)(
    "A group that was added gains nothing: its members may not %s",
    async (verdict) => {
      const now = [oneOf("payments-leads", "sre")];
      const { broker, asked, front } = await askedBefore([oneOf("payments-leads")], now);
      await expect(decide(broker, front, asked, "carol", verdict)).rejects.toMatchObject({
        code: "forbidden",
        message: expect.stringContaining("Only payments-leads may decide on this."),
      });
    },
  );

  it("A second circle that was added gains nothing", async () => {
    const now = [circles(["payments-leads"], ["sre"])];
    const { broker, asked, front } = await askedBefore([oneOf("payments-leads")], now);
    await expect(decide(broker, front, asked, "carol")).rejects.toMatchObject({
      code: "forbidden",
    });
    expect(await decide(broker, front, asked, "bob")).toMatchObject({ state: "approved" });
  });

  it.each([
    ["a group", [oneOf("payments-leads", "sre")], [oneOf("payments-leads")]],
    ["a second circle", [circles(["payments-leads"], ["sre"])], [oneOf("payments-leads")]],
  ])("A member of %s that was removed may no longer decide", async (_, then, now) => {
    const { broker, asked, front } = await askedBefore(then, now);
    await expect(decide(broker, front, asked, "carol")).rejects.toMatchObject({
      code: "forbidden",
    });
    const page = { limit: 9 };
    expect((await listToApprove(front, broker.actor("carol"), page)).items).toEqual([]);
    expect(await decide(broker, front, asked, "bob")).toMatchObject({ state: "approved" });
  });

  it("A group that moves to the second circle, or from it to the first, keeps its say", async () => {
    const [first, second] = [oneOf("payments-leads", "sre"), circles(["payments-leads"], ["sre"])];
    for (const [then, now] of [
      [first, second],
      [second, first],
    ] as const) {
      const { broker, asked, front } = await askedBefore([then], [now]);
      expect(await decide(broker, front, asked, "carol")).toMatchObject({ state: "approved" });
    }
  });

  it("An approval that was given counts no more once its group was removed", async () => {
    const both = [oneOf("payments-leads"), oneOf("sre")];
    const { broker, asked } = await askedBefore(both, both);
    const { front } = broker;
    await decide(broker, front, asked, "bob");
    const changed = { ...front, policy: policyAsking(oneOf("managers"), oneOf("sre")) };
    await expect(decide(broker, changed, asked, "carol")).rejects.toMatchObject({
      code: "policy-denied",
      message: expect.stringContaining("approvers who could not approve it when it was asked"),
    });
  });

  it.each([
    ["other groups alone", [oneOf("managers")]],
    ["nobody", []],
  ])("Where a rule now asks %s, nobody may decide, and the refusal says so", async (_, now) => {
    const { broker, asked, front } = await askedBefore([oneOf("payments-leads")], now);
    await expect(decide(broker, front, asked, "bob")).rejects.toMatchObject({
      code: "forbidden",
      message: expect.stringContaining("Nobody may decide on this"),
    });
  });
});

describe("A second circle", () => {
  const rule = [circles(["payments-leads"], ["sre"])];
  const waiting = async (broker: MemoryBroker, name: string) =>
    (await listToApprove(broker.front, broker.actor(name), { limit: 9 })).items.length;

  it("A member of the second circle may approve from the start", async () => {
    const broker = memoryBroker({ policy: policyAsking(...rule) });
    const asked = await broker.ask();
    expect(await broker.approve(asked, "carol")).toMatchObject({ state: "approved" });
  });

  it("A request waits for its second circle from its time on, and for the first throughout", async () => {
    const broker = memoryBroker({ policy: policyAsking(...rule) });
    await broker.ask();
    expect([await waiting(broker, "bob"), await waiting(broker, "carol")]).toEqual([1, 0]);
    broker.clock.advance(899);
    expect(await waiting(broker, "carol")).toBe(0);
    broker.clock.advance(1);
    expect([await waiting(broker, "bob"), await waiting(broker, "carol")]).toEqual([1, 1]);
  });

  it("The requester never decides, although they are in the second circle", async () => {
    const broker = memoryBroker({
      policy: policyAsking(circles(["payments-leads"], ["payments"])),
    });
    const asked = await broker.ask();
    await expect(broker.approve(asked, "alice")).rejects.toMatchObject({ code: "self-approval" });
    broker.clock.advance(901);
    expect(await waiting(broker, "alice")).toBe(0);
  });

  it("One person fills one place, although both circles have them", async () => {
    const two: Requirement = {
      ...circles(["payments-leads"], ["payments-leads", "sre"]),
      count: 2,
    };
    const broker = memoryBroker({ policy: policyAsking(two) });
    const asked = await broker.ask();
    expect(await broker.approve(asked, "bob")).toMatchObject({ state: "pending" });
    expect(await broker.approve(asked, "carol")).toMatchObject({ state: "approved" });
  });
});
