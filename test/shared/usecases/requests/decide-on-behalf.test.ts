/** Decisions with the standing of somebody who delegated. */
import { describe, expect, it } from "vitest";
import { ALICE, BOB, T0 } from "../../../../lab/fakes/builders.ts";
import { type MemoryBroker, memoryBroker, view } from "../../../../lab/fakes/memory-broker.ts";
import { circles, oneOf } from "../../../../lab/fakes/policy-asking.ts";
import { DAY, policyDelegating, withGroups } from "../../../../lab/fakes/policy-delegating.ts";
import { plusSeconds } from "../../../../shared/domain/values/instant.ts";
import { decideRequest } from "../../../../shared/usecases/requests/decide-request.ts";
import { endGrant } from "../../../../shared/usecases/requests/end-grant.ts";
import { listToApprove, readRequest } from "../../../../shared/usecases/requests/read-requests.ts";

const brokerOf = (...args: Parameters<typeof policyDelegating>) =>
  memoryBroker({ policy: policyDelegating(...args) });
const toApprove = async ({ front, actor }: MemoryBroker, name: string) =>
  (await listToApprove(front, actor(name), { limit: 10 })).items.map(({ id }) => id);
/** The broker after a deployment of another policy. */
const under = (broker: MemoryBroker, policy: MemoryBroker["front"]["policy"]) => ({
  ...broker.front,
  policy,
});

describe("The rights of a delegate", () => {
  it("A delegate approves what was open before, and the decision says on whose behalf", async () => {
    const broker = brokerOf();
    const asked = await broker.ask();
    const { id: delegation } = await broker.delegate("bob", "erin");
    const approved = await broker.approve(asked, "erin");
    const onBehalfOf = { person: "bob", delegation };
    expect(approved).toMatchObject({
      state: "approved",
      approvals: [{ person: "erin", onBehalfOf, digest: asked.digest }],
    });
    expect((await broker.history(asked)).at(-1)).toMatchObject({
      type: "approve",
      actor: "erin",
      details: { person: "erin", onBehalfOf },
    });
  });

  it("A delegate denies, and the outcome says for whom", async () => {
    const broker = brokerOf();
    const { id, digest } = await broker.ask();
    await broker.delegate("bob", "erin");
    const denied = await decideRequest(broker.front, broker.actor("erin"), id, {
      verdict: "deny",
      digest,
      note: "Not now",
    });
    expect(denied).toMatchObject({
      state: "denied",
      outcome: { detail: "Denied by erin for bob: Not now" },
    });
    expect((await broker.history({ id } as never)).at(-1)?.details).toMatchObject({
      onBehalfOf: { person: "bob" },
    });
  });

  it("A delegate sees what waits for the delegator, from the beginning of the delegation until its end", async () => {
    const broker = brokerOf();
    const { id } = await broker.ask({ durationSeconds: 3_600 });
    const from = plusSeconds(T0, 60);
    await broker.delegate("bob", "erin", { from, until: plusSeconds(T0, 120) });
    const seen: boolean[] = [];
    for (const at of [59.999, 60, 119.999, 120]) {
      broker.clock.set(plusSeconds(T0, at));
      seen.push((await toApprove(broker, "erin")).includes(id));
    }
    expect(seen).toEqual([false, true, true, false]);
  });

  it("A delegate is asked no more once an approval has taken the delegator's place", async () => {
    const broker = brokerOf([{ groups: ["payments-leads"], count: 2 }]);
    const asked = await broker.ask();
    await broker.delegate("bob", "erin");
    await broker.approve(asked, "bob");
    expect(await toApprove(broker, "erin")).toEqual([]);
    await broker.delegate("bella", "erin");
    expect(await toApprove(broker, "erin")).toEqual([asked.id]);
    await broker.approve(asked, "erin");
    expect(await toApprove(broker, "bella")).toEqual([]);
  });

  it("A delegate of a second circle is asked when its time comes", async () => {
    const broker = brokerOf([circles(["payments-leads"], ["sre"])]);
    const { id } = await broker.ask();
    await broker.delegate("cyril", "erin");
    expect(await toApprove(broker, "erin")).toEqual([]);
    broker.clock.advance(900);
    expect(await toApprove(broker, "erin")).toEqual([id]);
  });

  it("A delegate sees nothing of what the delegator cannot decide", async () => {
    const broker = brokerOf([oneOf("sre")]);
    const { id } = await broker.ask();
    await broker.delegate("bob", "erin");
    expect(await toApprove(broker, "erin")).toEqual([]);
    await expect(readRequest(broker.front, broker.actor("erin"), id)).rejects.toMatchObject({
      code: "request-not-found",
    });
  });

  it("A delegate may not revoke what the delegator may", async () => {
    const broker = brokerOf();
    await broker.delegate("bob", "erin");
    const grant = await broker.activeGrant();
    await expect(
      endGrant(broker.front, broker.actor("erin"), grant.id, "revoke", undefined),
    ).rejects.toMatchObject({ code: "forbidden" });
  });

  it("A delegate still reads what they decided when the delegation is over", async () => {
    const broker = brokerOf();
    const asked = await broker.ask();
    await broker.delegate("bob", "erin", { until: plusSeconds(T0, 60) });
    await broker.approve(asked, "erin");
    broker.clock.advance(DAY);
    expect(await readRequest(broker.front, broker.actor("erin"), asked.id)).toMatchObject({
      state: "approved",
    });
  });
});

describe("One place of a quorum", () => {
  const TWO = [{ groups: ["payments-leads"], count: 2 }];

  it("One place of a quorum is filled by delegate and delegator together, whoever comes first", async () => {
    for (const [first, second] of [
      ["bob", "erin"],
      ["erin", "bob"],
    ] as const) {
      const broker = brokerOf(TWO);
      const asked = await broker.ask();
      await broker.delegate("bob", "erin");
      expect((await broker.approve(asked, first)).state).toBe("pending");
      await expect(broker.approve(asked, second)).rejects.toMatchObject({
        code: "already-approved",
      });
      expect(await broker.reload(asked)).toMatchObject({ state: "pending", version: 2 });
      expect((await broker.approve(asked, "bella")).state).toBe("approved");
    }
  });

  it("One place of a quorum is filled by two delegates of one delegator together", async () => {
    const broker = brokerOf(TWO);
    const asked = await broker.ask();
    await broker.delegate("bob", "erin");
    await broker.delegate("bob", "frank");
    await broker.approve(asked, "erin");
    await expect(broker.approve(asked, "frank")).rejects.toMatchObject({
      code: "already-approved",
    });
  });

  it("One place of a quorum is filled by one delegate of two delegators, who counts once", async () => {
    const broker = brokerOf(TWO);
    const asked = await broker.ask();
    await broker.delegate("bob", "erin");
    await broker.delegate("bella", "erin");
    expect((await broker.approve(asked, "erin")).state).toBe("pending");
    await expect(broker.approve(asked, "erin", "bella")).rejects.toMatchObject({
      code: "already-approved",
      message: expect.stringContaining("as erin for bob"),
    });
    // Where it names the same one or nobody, only the first answer was lost.
    expect((await broker.approve(asked, "erin", "bob")).version).toBe(2);
    expect((await broker.approve(asked, "erin")).version).toBe(2);
    expect(await broker.reload(asked)).toMatchObject({ state: "pending", approvals: [{}] });
  });

  it("One place of a quorum is filled by who approved for themself, and not once more for a delegator", async () => {
    const broker = brokerOf(TWO);
    const asked = await broker.ask();
    await broker.delegate("bella", "bob");
    await broker.approve(asked, "bob");
    await expect(broker.approve(asked, "bob", "bella")).rejects.toMatchObject({
      code: "already-approved",
    });
    expect((await broker.approve(asked, "bob", "bob")).version).toBe(2);
  });

  it("One place of a quorum is filled with the delegator's standing where the delegate's own would fill none", async () => {
    const broker = brokerOf([oneOf("payments-leads"), oneOf("sre")]);
    const asked = await broker.ask();
    await broker.delegate("bob", "cyril");
    await broker.approve(asked, "carol");
    const approved = await broker.approve(asked, "cyril");
    expect(approved).toMatchObject({
      state: "approved",
      approvals: [{ person: "carol" }, { person: "cyril", onBehalfOf: { person: "bob" } }],
    });
  });

  it("One place of a quorum is filled with the delegate's own standing first, unless they name the delegator", async () => {
    for (const [named, expected] of [
      [undefined, undefined],
      ["cyril", undefined],
      ["bob", "bob"],
    ]) {
      const broker = brokerOf([oneOf("payments-leads"), oneOf("sre")]);
      const asked = await broker.ask();
      await broker.delegate("bob", "cyril");
      const { approvals } = await broker.approve(asked, "cyril", named);
      expect(approvals.map(({ onBehalfOf }) => onBehalfOf?.person)).toEqual([expected]);
    }
  });
});

describe("A decision on somebody's behalf is refused, and nothing changes", () => {
  const refused = async (
    broker: MemoryBroker,
    code: string,
    {
      by = "erin",
      named,
      front = broker.front,
    }: { by?: string; named?: string; front?: MemoryBroker["front"] } = {},
    asked = undefined as Awaited<ReturnType<MemoryBroker["ask"]>> | undefined,
  ) => {
    const request = asked ?? (await broker.ask());
    const decision = { verdict: "approve", digest: request.digest } as const;
    await expect(
      decideRequest(front, broker.actor(by), request.id, {
        ...decision,
        ...(named === undefined ? {} : { onBehalfOf: named }),
      }),
    ).rejects.toMatchObject({ code });
    expect(await broker.reload(request)).toEqual(request);
  };

  it("A decision on somebody's behalf is refused, and nothing changes, where the delegate is the requester", async () => {
    const broker = brokerOf();
    await broker.delegate("bob", "alice");
    await refused(broker, "self-approval", { by: "alice" });
    await refused(
      broker,
      "self-approval",
      { by: "alice", named: "bob" },
      await broker.ask({ access: view("payments-api") }),
    );
  });

  it("A decision on somebody's behalf is refused, and nothing changes, where the delegator is the requester", async () => {
    const policy = withGroups(policyDelegating(), "alice", "payments", "payments-leads");
    const broker = memoryBroker({ policy });
    await broker.delegate("alice", "erin");
    const asked = await broker.ask();
    await expect(readRequest(broker.front, broker.actor("erin"), asked.id)).rejects.toThrow();
    // A delegate who may see it anyway is answered why.
    await broker.delegate("alice", "carol");
    await refused(broker, "delegator-asked", { by: "carol" }, asked);
  });

  it("A decision on somebody's behalf is refused, and nothing changes, where the delegate holds the principal", async () => {
    const policy = policyDelegating(undefined, { sharedPrincipals: true }, { erin: [ALICE] });
    const broker = memoryBroker({ policy });
    await broker.delegate("bob", "erin");
    await refused(broker, "forbidden");
  });

  it("A decision on somebody's behalf is refused, and nothing changes, where the delegator holds the principal", async () => {
    const policy = policyDelegating(undefined, { sharedPrincipals: true }, { bob: [BOB, ALICE] });
    const broker = memoryBroker({ policy });
    await broker.delegate("bob", "carol");
    await refused(broker, "delegator-holds-principal", { by: "carol" });
  });

  it("A decision on somebody's behalf is refused, and nothing changes, where the rule cannot be delegated", async () => {
    const broker = brokerOf(undefined, { delegable: false });
    await broker.delegate("bob", "carol");
    await refused(broker, "not-delegable", { by: "carol" });
  });

  it("A decision on somebody's behalf is refused, and nothing changes, where the delegator has left the group since", async () => {
    const broker = brokerOf();
    await broker.delegate("bob", "carol");
    const front = under(broker, withGroups(broker.front.policy, "bob", "sre"));
    await refused(broker, "delegator-lost-standing", { by: "carol", front });
  });

  it("A decision on somebody's behalf is refused, and nothing changes, where the delegator has left the file since", async () => {
    const broker = brokerOf();
    await broker.delegate("bob", "carol");
    const { bob: _, ...people } = broker.front.policy.people;
    const front = under(broker, { ...broker.front.policy, people });
    await refused(broker, "delegator-lost-standing", { by: "carol", front });
  });

  it("A decision on somebody's behalf is refused, and nothing changes, where the policy allows no delegations any more", async () => {
    const broker = brokerOf();
    await broker.delegate("bob", "carol");
    const { delegations: _, ...policy } = broker.front.policy;
    await refused(broker, "forbidden", { by: "carol", front: under(broker, policy) });
    await refused(
      broker,
      "delegations-off",
      { by: "carol", named: "bob", front: under(broker, policy) },
      await broker.ask({ access: view("payments-api") }),
    );
  });

  it("A decision on somebody's behalf is refused, and nothing changes, where the delegate has left the groups of delegates since", async () => {
    const broker = brokerOf();
    await broker.delegate("bob", "carol");
    const { policy } = broker.front;
    const only = (...toGroups: readonly string[]) =>
      under(broker, { ...policy, delegations: { longestSeconds: 21 * DAY, toGroups } });
    await refused(broker, "not-a-delegate", { by: "carol", front: only("payments-leads") });
    const { id, digest } = await broker.ask({ access: view("payments-api") });
    const approve = { verdict: "approve", digest } as const;
    expect(await decideRequest(only("sre"), broker.actor("carol"), id, approve)).toMatchObject({
      state: "approved",
    });
  });

  it("A decision on somebody's behalf is refused, and nothing changes, where the policy allows only shorter delegations since, and this one has lasted longer", async () => {
    const broker = brokerOf();
    await broker.delegate("bob", "carol", { until: plusSeconds(T0, 10 * DAY) });
    broker.clock.advance(DAY);
    const front = under(broker, { ...broker.front.policy, delegations: { longestSeconds: DAY } });
    await refused(broker, "delegation-over", { by: "carol", front });
  });

  it("A decision on somebody's behalf is refused, and nothing changes, before the delegation begins", async () => {
    const broker = brokerOf();
    await broker.delegate("bob", "carol", { from: plusSeconds(T0, 60) });
    await refused(broker, "delegation-over", { by: "carol" });
  });

  it("A decision on somebody's behalf is refused, and nothing changes, past the end of the delegation, also where the delegate may see the request no more", async () => {
    const broker = brokerOf();
    const asked = await broker.ask();
    await broker.delegate("bob", "erin", { until: plusSeconds(T0, 60) });
    broker.clock.advance(60);
    await refused(broker, "delegation-over", {}, asked);
    broker.clock.advance(DAY);
    await expect(broker.approve(asked, "erin")).rejects.toMatchObject({
      code: "request-not-found",
    });
  });

  it("A decision on somebody's behalf is refused, and nothing changes, once somebody ended the delegation", async () => {
    const broker = brokerOf();
    await broker.endDelegation(await broker.delegate("bob", "erin"));
    await refused(broker, "delegation-ended");
  });

  it("A decision on somebody's behalf is refused, and nothing changes, where somebody ends the delegation while it is made", async () => {
    const broker = brokerOf();
    const asked = await broker.ask();
    const made = await broker.delegate("bob", "erin");
    const { requests } = broker.front;
    const front = {
      ...broker.front,
      requests: {
        ...requests,
        save: async (...args: Parameters<typeof requests.save>) => {
          await broker.endDelegation(made);
          return requests.save(...args);
        },
      },
    };
    await refused(broker, "delegation-ended", { front }, asked);
  });

  it("A decision on somebody's behalf is refused, and nothing changes, where nobody of the name delegated to them", async () => {
    const broker = brokerOf();
    await broker.delegate("bella", "carol");
    const asked = await broker.ask();
    for (const named of ["bob", "nobody", "constructor"])
      await refused(broker, "not-delegated", { by: "carol", named }, asked);
  });

  it("A decision on somebody's behalf is refused, and nothing changes, where the delegator only has it from somebody else", async () => {
    const broker = brokerOf();
    await broker.delegate("bob", "cyril");
    await broker.delegate("cyril", "erin");
    const asked = await broker.ask();
    expect(await toApprove(broker, "cyril")).toEqual([asked.id]);
    expect(await toApprove(broker, "erin")).toEqual([]);
    await refused(broker, "request-not-found", {}, asked);
    await refused(broker, "request-not-found", { named: "bob" }, asked);
  });
});
