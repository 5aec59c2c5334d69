import { describe, expect, it } from "vitest";
import { policyWith } from "../../../../lab/fakes/builders.ts";
import { memoryBroker } from "../../../../lab/fakes/memory-broker.ts";
import type { Rule } from "../../../../shared/domain/policy/policy.ts";

const TWICE = { times: 2, perSeconds: 86_400 };
const LOOK = {
  cluster: "staging",
  access: { policy: "AmazonEKSViewPolicy", scope: { type: "cluster" } },
} as const;

const broker = (over: Partial<Rule> = {}) =>
  memoryBroker({ policy: policyWith({ atMost: TWICE, ...over }) });

describe("The limit of automatic approvals", () => {
  it("The third request of a day is refused, and taken again from midnight in UTC on", async () => {
    const { ask, clock, tables } = broker();
    expect((await ask(LOOK)).state).toBe("approved");
    expect((await ask(LOOK)).state).toBe("approved");
    await expect(ask(LOOK)).rejects.toMatchObject({
      code: "too-many-automatic",
      message:
        "view-staging approved 2 requests of alice by itself since 2026-11-24T00:00:00.000Z, the most that it does. Nothing was stored; ask again from 2026-11-25T00:00:00.000Z on, or by a rule with approvers.",
      facts: { nextAt: "2026-11-25T00:00:00.000Z" },
    });
    expect(tables.requests.size).toBe(2);
    clock.set("2026-11-24T23:59:59.999Z");
    await expect(ask(LOOK)).rejects.toMatchObject({ code: "too-many-automatic" });
    clock.set("2026-11-25T00:00:00.000Z");
    expect((await ask(LOOK)).state).toBe("approved");
  });

  it("Each person has their own count", async () => {
    const { ask } = broker();
    for (const person of ["alice", "alice", "bob", "bob"])
      expect((await ask(LOOK, person)).state).toBe("approved");
    await expect(ask(LOOK, "bob")).rejects.toMatchObject({ code: "too-many-automatic" });
  });

  it("Requests at the same time never exceed it", async () => {
    const { ask } = broker();
    const asked = await Promise.allSettled(Array.from({ length: 6 }, () => ask(LOOK)));
    expect(asked.filter(({ status }) => status === "fulfilled")).toHaveLength(2);
  });

  it("Break-glass is outside of it", async () => {
    const { ask, end } = broker();
    const emergency = {
      access: { policy: "AmazonEKSClusterAdminPolicy", scope: { type: "cluster" } },
      durationSeconds: 1_800,
    } as const;
    for (const _ of [1, 2, 3]) {
      const glass = await ask(emergency, "carol");
      expect(glass.state).toBe("approved");
      await end(glass, "cancel", "carol");
    }
  });

  it("A rule that needs an approval is not limited by it", async () => {
    const { ask, end } = broker();
    for (const _ of [1, 2, 3]) await end(await ask(), "cancel");
    expect((await ask()).state).toBe("pending");
  });
});
