/** Decisions of approvers, and their effects. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { aPolicy } from "../../../../lab/fakes/builders.ts";
import { lateQueue } from "../../../../lab/fakes/late-queue.ts";
import { memoryBroker, view } from "../../../../lab/fakes/memory-broker.ts";
import type { AccessPolicy } from "../../../../shared/domain/policy/policy.ts";
import { verifyChains } from "../../../../shared/domain/requests/audit-chain.ts";
import { BrokerError } from "../../../../shared/domain/values/errors.ts";
import { plusSeconds } from "../../../../shared/domain/values/instant.ts";
import { sweep } from "../../../../shared/usecases/converge/sweep.ts";
import { decideRequest } from "../../../../shared/usecases/requests/decide-request.ts";
import { listToApprove, readRequest } from "../../../../shared/usecases/requests/read-requests.ts";

const refused = (code: string) => expect.objectContaining({ code });

describe("Deciding on a request", () => {
  it("An approval fixes the deadline and wakes converge", async () => {
    const broker = memoryBroker();
    const approved = await broker.approve(await broker.ask());
    expect(approved).toMatchObject({
      state: "approved",
      approvedAt: broker.clock.now(),
      expiresAt: plusSeconds(broker.clock.now(), 3_600),
      approvals: [{ person: "bob", surface: "api", proof: { callerId: "AROA:bob" } }],
    });
    expect(broker.queue.sent).toMatchObject([{ subject: broker.binding, cause: "approved" }]);
  });
  it("An approval is answered once converge's message was sent, since Lambda freezes what is not awaited", async () => {
    const broker = memoryBroker();
    const { id, digest } = await broker.ask();
    const order: string[] = [];
    const front = { ...broker.front, queue: lateQueue(broker.front.queue, order) };
    await decideRequest(front, broker.actor("bob"), id, { verdict: "approve", digest });
    expect([...order, "answered"]).toEqual(["sent", "answered"]);
  });
  it("A decision is tried five times beside other steps, and then fails as they did", async () => {
    const broker = memoryBroker();
    const { id, digest } = await broker.ask();
    let saves = 0;
    const save = async () => {
      saves += 1;
      throw new BrokerError("version-conflict", "Somebody was first.");
    };
    const front = { ...broker.front, requests: { ...broker.front.requests, save } };
    const decision = { verdict: "approve", digest } as const;
    await expect(decideRequest(front, broker.actor("bob"), id, decision)).rejects.toEqual(
      refused("version-conflict"),
    );
    expect(saves).toBe(5);
  });
  it("An approval is kept if converge cannot be woken, and the sweep finds it", async () => {
    const broker = memoryBroker();
    const asked = await broker.ask();
    const deaf = {
      ...broker.front,
      queue: { ...broker.front.queue, send: () => Promise.reject(new Error("down")) },
    };
    const { digest } = asked;
    const decided = await decideRequest(deaf, broker.actor("bob"), asked.id, {
      verdict: "approve",
      digest,
    });
    expect(decided.state).toBe("approved");
    expect(await sweep(broker.front, {})).toMatchObject({ additions: 1, lapsed: 0, failed: 0 });
  });
  it("The duration counts from the approval if that came after the requested start", async () => {
    const broker = memoryBroker();
    const startsAt = plusSeconds(broker.clock.now(), 60);
    const asked = await broker.ask({ startsAt });
    broker.clock.advance(120);
    const { approvedAt, expiresAt } = await broker.approve(asked);
    expect(expiresAt).toBe(plusSeconds(approvedAt ?? "", 3_600));
  });
  it("An approval records who approved, when, which digest, with which note and until when", async () => {
    const broker = memoryBroker();
    const { id, digest } = await broker.ask();
    const at = broker.clock.now();
    const decision = { verdict: "approve", digest, note: "go on" } as const;
    const decided = await decideRequest(broker.front, broker.actor("bob"), id, decision);
    const { proof } = broker.actor("bob");
    const approval = { person: "bob", surface: "api", at, note: "go on", proof, digest };
    expect(decided.approvals).toEqual([approval]);
    const { expiresAt, revokeAt } = decided;
    expect((await broker.front.requests.history(id)).at(-1)).toMatchObject({
      actor: "bob",
      at,
      policyHash: broker.front.policy.hash,
      details: { ...approval, expiresAt, revokeAt },
    });
  });
  it("A denial without a note records who denied it", async () => {
    const broker = memoryBroker();
    const { id, digest } = await broker.ask();
    const decision = { verdict: "deny", digest } as const;
    const denied = await decideRequest(broker.front, broker.actor("bob"), id, decision);
    expect(denied.outcome).toEqual({ code: "denied", detail: "Denied by bob." });
    const [, { actor, at, details } = {}] = await broker.front.requests.history(id);
    expect({ actor, at }).toEqual({ actor: "bob", at: broker.clock.now() });
    expect(Object.keys(details ?? {}).toSorted()).toEqual([
      "at",
      "digest",
      "person",
      "proof",
      "surface",
    ]);
  });
  it("A denial has the note as its reason", async () => {
    const broker = memoryBroker();
    const { id, digest } = await broker.ask();
    const denied = await decideRequest(broker.front, broker.actor("bob"), id, {
      verdict: "deny",
      digest,
      note: "use staging",
    });
    expect(denied).toMatchObject({
      state: "denied",
      outcome: { code: "denied", detail: "Denied by bob: use staging" },
    });
  });
  it.each([
    ["the requester", "alice", {}, "self-approval"],
    ["an admin who is not an approver", "carol", {}, "forbidden"],
    [
      "an approver who was shown something else",
      "bob",
      { digest: "0".repeat(64) },
      "digest-mismatch",
    ],
  ])("A decision by %s is refused and changes nothing", async (_, by, over, code) => {
    const broker = memoryBroker();
    const { id, digest } = await broker.ask();
    const decision = { verdict: "approve", digest, ...over } as const;
    await expect(decideRequest(broker.front, broker.actor(by), id, decision)).rejects.toEqual(
      refused(code),
    );
    expect(await broker.front.requests.load(id)).toMatchObject({ state: "pending", version: 1 });
  });
  it("An unknown id and another person's request get the same answer", async () => {
    const broker = memoryBroker();
    const asked = await broker.ask({ access: view("payments-api") });
    const stranger = {
      ...broker.actor("bob"),
      member: { ...broker.actor("bob").member, name: "eve", groups: [] },
    };
    const errors = await Promise.all(
      [asked.id, "01935e00-0000-7000-8000-00000000dead"].map((id) =>
        readRequest(broker.front, stranger, id).catch((error: { code: string }) => error.code),
      ),
    );
    expect(errors).toEqual(["request-not-found", "request-not-found"]);
  });
  it("An approval is refused if the policy no longer allows the request", async () => {
    const broker = memoryBroker();
    const { id, digest } = await broker.ask();
    const [rule, ...rules] = broker.front.policy.rules;
    const policy = {
      ...broker.front.policy,
      rules: rule ? [{ ...rule, clusters: ["staging"] }, ...rules] : [],
    };
    await expect(
      decideRequest({ ...broker.front, policy }, broker.actor("bob"), id, {
        verdict: "approve",
        digest,
      }),
    ).rejects.toEqual(refused("policy-denied"));
  });
  it.each([
    ["the rule", { rules: [] }],
    ["the requester", { people: { bob: aPolicy().people["bob"] } }],
  ])(
    "A request cannot be approved, but still denied, once the policy has lost %s",
    async (_, lost) => {
      const broker = memoryBroker();
      const { id, digest } = await broker.ask();
      const policy = { ...broker.front.policy, ...lost } as AccessPolicy;
      const decide = (verdict: "approve" | "deny") =>
        decideRequest({ ...broker.front, policy }, broker.actor("bob"), id, { verdict, digest });
      await expect(decide("approve")).rejects.toEqual(refused("policy-denied"));
      expect(await decide("deny")).toMatchObject({ state: "denied" });
    },
  );
  describe("A decision that meets a conflict", () => {
    /** The store, whose first saves fail with `error`. */
    const failing = (broker: ReturnType<typeof memoryBroker>, times: number, error: Error) => {
      const tries: string[] = [];
      const save: typeof broker.front.requests.save = async (step) => {
        tries.push(step.event.type);
        if (tries.length <= times) throw error;
        return broker.front.requests.save(step);
      };
      return { tries, front: { ...broker.front, requests: { ...broker.front.requests, save } } };
    };
    const quicker = new BrokerError("version-conflict", "Somebody was quicker.");
    it("A decision is read and made again after a conflict", async () => {
      const broker = memoryBroker();
      const { id, digest } = await broker.ask();
      const { front, tries } = failing(broker, 4, quicker);
      const decision = { verdict: "approve", digest } as const;
      const decided = await decideRequest(front, broker.actor("bob"), id, decision);
      expect(decided).toMatchObject({ state: "approved" });
      expect(tries).toHaveLength(5);
    });
    it.each([
      [quicker, 5],
      [new BrokerError("dependency-unavailable", "The table does not answer."), 1],
      [new Error("The table does not answer."), 1],
    ])(
      "A decision gives up after several conflicts, and at once if the table fails: %s",
      async (error, times) => {
        const broker = memoryBroker();
        const { id, digest } = await broker.ask();
        const { front, tries } = failing(broker, 9, error);
        const decision = { verdict: "approve", digest } as const;
        await expect(decideRequest(front, broker.actor("bob"), id, decision)).rejects.toBe(error);
        expect(tries).toHaveLength(times);
      },
    );
  });
  it("A late decision lapses the request and is refused", async () => {
    const broker = memoryBroker();
    const asked = await broker.ask();
    broker.clock.set(asked.lapsesAt);
    await expect(broker.approve(asked)).rejects.toMatchObject({
      code: "illegal-transition",
      facts: { state: "lapsed" },
    });
    expect(await broker.front.requests.load(asked.id)).toMatchObject({ state: "lapsed" });
  });
  it("Concurrent approvals and denials lead to exactly one verdict, in every order", async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), async (scheduler) => {
        const broker = memoryBroker();
        const { id, digest } = await broker.ask();
        const slow = {
          ...broker.front,
          requests: {
            ...broker.front.requests,
            load: scheduler.scheduleFunction(broker.front.requests.load),
            save: scheduler.scheduleFunction(broker.front.requests.save),
          },
        };
        const acts = [
          decideRequest(slow, broker.actor("bob"), id, { verdict: "approve", digest }),
          decideRequest(slow, broker.actor("bob"), id, { verdict: "deny", digest }),
          decideRequest(slow, broker.actor("bob"), id, { verdict: "approve", digest }),
        ].map((act) => act.catch((error: unknown) => error));
        await scheduler.waitIdle();
        await Promise.all(acts);
        const history = await broker.front.requests.history(id);
        expect(history).toHaveLength(2);
        expect(verifyChains(history)).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});

describe("A request that needs two people", () => {
  const policyWithTwo = () => {
    const broker = memoryBroker();
    const { policy } = broker.front;
    const rules = policy.rules.map((rule) =>
      rule.name === "payments-edit"
        ? { ...rule, approval: [...rule.approval, { groups: ["sre"], count: 1 }] }
        : rule,
    );
    return memoryBroker({ policy: { ...policy, rules } });
  };
  it("A request for two approvals stays pending until both are given, by different people", async () => {
    const broker = policyWithTwo();
    const asked = await broker.ask();
    expect(await broker.approve(asked)).toMatchObject({ state: "pending", version: 2 });
    expect(await broker.approve(asked)).toMatchObject({ state: "pending", version: 2 });
    expect(broker.queue.sent).toEqual([]);
    expect((await broker.front.requests.history(asked.id)).at(-1)).toMatchObject({
      type: "approve",
      to: "pending",
      actor: "bob",
      at: broker.clock.now(),
    });
    expect(await broker.approve(asked, "carol")).toMatchObject({ state: "approved", version: 3 });
    expect(broker.queue.sent).toHaveLength(1);
  });
  it("An approver may still deny a pending request", async () => {
    const broker = policyWithTwo();
    const asked = await broker.ask();
    await broker.approve(asked);
    const { id, digest } = asked;
    const decision = { verdict: "deny", digest } as const;
    expect(await decideRequest(broker.front, broker.actor("bob"), id, decision)).toMatchObject({
      state: "denied",
    });
  });
  it("An approval does not count if the approver has left the policy", async () => {
    const broker = policyWithTwo();
    const asked = await broker.ask();
    await broker.approve(asked);
    const { bob: _, ...people } = broker.front.policy.people;
    const front = { ...broker.front, policy: { ...broker.front.policy, people } };
    const { id, digest } = asked;
    const decision = { verdict: "approve", digest } as const;
    expect(await decideRequest(front, broker.actor("carol"), id, decision)).toMatchObject({
      state: "pending",
    });
  });
  it("A request leaves the list of people who have approved it", async () => {
    const broker = policyWithTwo();
    const asked = await broker.ask();
    await broker.approve(asked);
    const listed = async (name: string) =>
      (await listToApprove(broker.front, broker.actor(name), { limit: 10 })).items;
    expect(await listed("bob")).toEqual([]);
    expect(await listed("carol")).toHaveLength(1);
    expect(await listed("alice")).toEqual([]);
  });
});
