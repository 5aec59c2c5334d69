/** The surfaces on which a rule lets its approvers decide. */
import { describe, expect, it } from "vitest";
import { aPolicy } from "../../../../lab/fakes/builders.ts";
import { memoryBroker } from "../../../../lab/fakes/memory-broker.ts";
import type { AccessPolicy, Rule } from "../../../../shared/domain/policy/policy.ts";
import { NonceUsed } from "../../../../shared/ports/request-store.ts";
import { decideRequest } from "../../../../shared/usecases/requests/decide-request.ts";
import { endGrant } from "../../../../shared/usecases/requests/end-grant.ts";

const decidedIn = (decideIn: Rule["decideIn"], policy = aPolicy()): AccessPolicy => ({
  ...policy,
  rules: policy.rules.map((rule) => ({ ...rule, decideIn })),
});

describe("The surfaces on which a rule may be decided", () => {
  it.each(["approve", "deny"] as const)(
    "A rule only for the API refuses to %s in Slack, and says how to decide",
    async (verdict) => {
      const broker = memoryBroker({ policy: decidedIn(["api"]) });
      const { id, digest } = await broker.ask();
      const bob = broker.actor("bob", { surface: "slack" });
      await expect(decideRequest(broker.front, bob, id, { verdict, digest })).rejects.toMatchObject(
        { code: "decided-elsewhere", message: expect.stringContaining(`timelatch approve ${id}`) },
      );
      expect((await broker.front.requests.load(id)).version).toBe(1);
    },
  );

  it("A rule only for Slack refuses a decision over the API", async () => {
    const broker = memoryBroker({ policy: decidedIn(["slack"]) });
    const asked = await broker.ask();
    await expect(broker.approve(asked)).rejects.toMatchObject({
      code: "decided-elsewhere",
      message: expect.stringContaining("decide in Slack"),
    });
  });

  it("An approval records where it was given", async () => {
    const broker = memoryBroker();
    const { id, digest } = await broker.ask();
    const bob = broker.actor("bob", { surface: "slack" });
    const { approvals } = await decideRequest(broker.front, bob, id, {
      verdict: "approve",
      digest,
    });
    expect(approvals).toMatchObject([{ person: "bob", surface: "slack" }]);
    expect((await broker.front.requests.history(id)).at(-1)?.details).toMatchObject({
      surface: "slack",
    });
  });

  it("An approval from where the rule no longer allows it does not count, and can be given again", async () => {
    const broker = memoryBroker();
    const { id, digest } = await broker.ask({
      cluster: "staging",
      access: { groups: ["eks-admins"] },
    });
    const two = decidedIn(["api", "slack"]);
    const rules = two.rules.map((rule) => ({
      ...rule,
      approval: rule.approval.map((need) => ({ ...need, count: 2 })),
    }));
    const decide = (policy: AccessPolicy, by: string, surface: "api" | "slack") =>
      decideRequest({ ...broker.front, policy }, broker.actor(by, { surface }), id, {
        verdict: "approve",
        digest,
      });
    await decide({ ...two, rules }, "bob", "slack");
    const apiOnly = decidedIn(["api"], { ...two, rules });
    expect(await decide(apiOnly, "carol", "api")).toMatchObject({ state: "pending" });
    expect(await decide(apiOnly, "bob", "api")).toMatchObject({ state: "approved" });
  });
});

describe("A signed message that acts once", () => {
  it("A message that ended a grant cannot end another", async () => {
    const broker = memoryBroker();
    const one = await broker.ask();
    const two = await broker.ask({ cluster: "staging", access: { groups: ["eks-admins"] } });
    const alice = broker.actor("alice", { surface: "slack", nonce: "n1" });
    await endGrant(broker.front, alice, one.id, "cancel");
    await expect(endGrant(broker.front, alice, two.id, "cancel")).rejects.toBeInstanceOf(NonceUsed);
    expect((await broker.front.requests.load(two.id)).state).toBe("pending");
  });

  it("Lapsing a late request does not use up the message that found it", async () => {
    const broker = memoryBroker();
    const asked = await broker.ask();
    broker.clock.advance(86_401);
    const bob = broker.actor("bob", { surface: "slack", nonce: "n1" });
    const { id, digest } = asked;
    await expect(
      decideRequest(broker.front, bob, id, { verdict: "approve", digest }),
    ).rejects.toMatchObject({ code: "illegal-transition" });
    expect((await broker.front.requests.load(id)).state).toBe("lapsed");
    expect(broker.tables.nonces.size).toBe(0);
  });
});
