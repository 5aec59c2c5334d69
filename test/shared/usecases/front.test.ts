/** What people do: ask, decide, end and read. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { verifyChains } from "../../../shared/domain/audit-chain.ts";
import { plusSeconds } from "../../../shared/domain/instant.ts";
import { createRequest } from "../../../shared/usecases/create-request.ts";
import { decideRequest } from "../../../shared/usecases/decide-request.ts";
import {
  listAuditEvents,
  listGrants,
  listOwn,
  listToApprove,
  readHistory,
  readRequest,
} from "../../../shared/usecases/read-requests.ts";
import { sweep } from "../../../shared/usecases/sweep.ts";
import { edit, memoryBroker, view } from "../../fakes/memory-broker.ts";

const refused = (code: string) => expect.objectContaining({ code });
const askOf = {
  cluster: "prod",
  access: edit("payments-api"),
  durationSeconds: 3_600,
  reason: "INC-4711 stuck rollout",
  principalArn: null,
  startsAt: null,
  rule: null,
} as const;

describe("asking", () => {
  it("stores a pending request with its rule, its digest and its first event", async () => {
    const broker = memoryBroker();
    const asked = await broker.ask();
    expect(asked).toMatchObject({
      state: "pending",
      version: 1,
      rule: "payments-edit",
      requester: "alice",
      lapsesAt: plusSeconds(broker.chance.now(), 86_400),
    });
    expect(asked.digest).toMatch(/^[0-9a-f]{64}$/);
    expect(await broker.front.requests.history(asked.id)).toMatchObject([
      { type: "request", actor: "alice", details: { proof: { gatewayRequestId: "q" } } },
    ]);
    expect(broker.queue.sent).toEqual([]);
  });
  it("is approved by policy itself where the rule needs no person", async () => {
    const broker = memoryBroker();
    const access = { policy: "AmazonEKSViewPolicy", scope: { type: "cluster" } } as const;
    const asked = await broker.ask({ cluster: "staging", access });
    expect(asked).toMatchObject({ state: "approved", version: 2, approvals: [] });
    const history = await broker.front.requests.history(asked.id);
    expect(history.map(({ type, actor }) => [type, actor])).toEqual([
      ["request", "alice"],
      ["approve", "policy:view-staging"],
    ]);
    expect(verifyChains(history)).toEqual([]);
    expect(broker.queue.sent).toHaveLength(1);
  });
  it("says the same under the same key, and stores once", async () => {
    const broker = memoryBroker();
    const first = await createRequest(broker.front, broker.actor("alice"), askOf, "key-1");
    const again = await createRequest(broker.front, broker.actor("alice"), askOf, "key-1");
    expect(again).toEqual(first);
    expect((await listOwn(broker.front, broker.actor("alice"), { limit: 10 })).items).toHaveLength(
      1,
    );
  });
  it("refuses the same key for something else, and lets another person use it", async () => {
    const broker = memoryBroker();
    await createRequest(broker.front, broker.actor("alice"), askOf, "key-1");
    await expect(
      createRequest(
        broker.front,
        broker.actor("alice"),
        { ...askOf, durationSeconds: 600 },
        "key-1",
      ),
    ).rejects.toEqual(refused("idempotency-mismatch"));
    const carol = {
      ...askOf,
      cluster: "staging",
      access: { policy: "AmazonEKSViewPolicy", scope: { type: "cluster" } },
    } as const;
    await expect(
      createRequest(broker.front, broker.actor("carol"), carol, "key-1"),
    ).resolves.toMatchObject({
      requester: "carol",
    });
  });
  it("refuses what is pending already, and names it", async () => {
    const broker = memoryBroker();
    const first = await broker.ask();
    await expect(broker.ask()).rejects.toMatchObject({
      code: "duplicate-request",
      facts: { id: first.id },
    });
    await broker.approve(first);
    await expect(broker.ask()).resolves.toMatchObject({ state: "pending" });
  });
  it.each([
    ["a start in the past", { startsAt: "2026-11-24T09:00:00.000Z" }, "invalid-request"],
    ["a start far away", { startsAt: "2027-11-24T09:00:00.000Z" }, "invalid-request"],
    ["a cluster that is not there", { cluster: "toString" }, "policy-denied"],
    ["what no rule lends", { access: edit("kube-system") }, "policy-denied"],
  ])("refuses %s, and stores nothing", async (_, over, code) => {
    const broker = memoryBroker();
    await expect(broker.ask(over)).rejects.toEqual(refused(code));
    expect(broker.tables.requests.size).toBe(0);
  });
  it("tells nothing of rules that are for other people", async () => {
    const broker = memoryBroker();
    const denied = await broker
      .ask({ access: edit("payments-api") }, "carol")
      .catch((e: unknown) => e);
    expect(JSON.stringify(denied)).not.toContain("payments-edit");
  });
});

describe("deciding", () => {
  it("approves, fixes the deadline and wakes converge", async () => {
    const broker = memoryBroker();
    const approved = await broker.approve(await broker.ask());
    expect(approved).toMatchObject({
      state: "approved",
      approvedAt: broker.chance.now(),
      expiresAt: plusSeconds(broker.chance.now(), 3_600),
      approvals: [{ person: "bob", proof: { callerId: "AROA:bob" } }],
    });
    expect(broker.queue.sent).toMatchObject([{ subject: broker.binding, cause: "approved" }]);
  });
  it("stands even if converge cannot be woken; the sweep finds it", async () => {
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
    expect(await sweep(broker.front)).toEqual({ sent: 1, looks: 0, lapsed: 0, failed: 0 });
  });
  it("denies, with the note as the reason", async () => {
    const broker = memoryBroker();
    const { id, digest } = await broker.ask();
    const denied = await decideRequest(broker.front, broker.actor("bob"), id, {
      verdict: "deny",
      digest,
      note: "use staging",
    });
    expect(denied).toMatchObject({
      state: "denied",
      outcome: { code: "denied", detail: "use staging" },
    });
  });
  it.each([
    ["the requester", "alice", {}, "self-approval"],
    ["an admin who is no approver", "carol", {}, "forbidden"],
    [
      "an approver who was shown something else",
      "bob",
      { digest: "0".repeat(64) },
      "digest-mismatch",
    ],
  ])("refuses %s, and changes nothing", async (_, by, over, code) => {
    const broker = memoryBroker();
    const { id, digest } = await broker.ask();
    const decision = { verdict: "approve", digest, ...over } as const;
    await expect(decideRequest(broker.front, broker.actor(by), id, decision)).rejects.toEqual(
      refused(code),
    );
    expect(await broker.front.requests.load(id)).toMatchObject({ state: "pending", version: 1 });
  });
  it("answers an unknown id and another's request alike", async () => {
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
  it("re-reads the policy: what it no longer allows is not approved", async () => {
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
  it("lapses what nobody answered in time, and says so to whoever comes too late", async () => {
    const broker = memoryBroker();
    const asked = await broker.ask();
    broker.chance.set(asked.lapsesAt);
    await expect(broker.approve(asked)).rejects.toMatchObject({
      code: "illegal-transition",
      facts: { state: "lapsed" },
    });
    expect(await broker.front.requests.load(asked.id)).toMatchObject({ state: "lapsed" });
  });
  it("comes to exactly one verdict, in every order of approve, deny and cancel at once", async () => {
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

describe("a request that needs two people", () => {
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
  it("stays pending until both said yes, and counts nobody twice", async () => {
    const broker = policyWithTwo();
    const asked = await broker.ask();
    expect(await broker.approve(asked)).toMatchObject({ state: "pending", version: 2 });
    expect(await broker.approve(asked)).toMatchObject({ state: "pending", version: 2 });
    expect(await broker.approve(asked, "carol")).toMatchObject({ state: "approved", version: 3 });
  });
  it("is off the list of whoever has said yes", async () => {
    const broker = policyWithTwo();
    const asked = await broker.ask();
    await broker.approve(asked);
    const listed = (name: string) => listToApprove(broker.front, broker.actor(name));
    expect(await listed("bob")).toEqual([]);
    expect(await listed("carol")).toHaveLength(1);
    expect(await listed("alice")).toEqual([]);
  });
});

describe("ending", () => {
  it("cancels what is pending, and what is approved only through ending", async () => {
    const broker = memoryBroker();
    expect(await broker.end(await broker.ask(), "cancel")).toMatchObject({ state: "cancelled" });
    expect(await broker.end(await broker.grant(), "cancel")).toMatchObject({ state: "ending" });
  });
  it.each([
    ["cancel", "bob", "forbidden"],
    ["return", "bob", "forbidden"],
    ["revoke", "alice", "forbidden"],
    ["return", "alice", "illegal-transition"],
  ] as const)("refuses to %s for %s while approved", async (verb, by, code) => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    await expect(broker.end(grant, verb, by)).rejects.toEqual(refused(code));
  });
  it.each(["bob", "carol"])("lets %s revoke: an approver of it, an admin", async (by) => {
    const broker = memoryBroker();
    expect(await broker.end(await broker.grant(), "revoke", by)).toMatchObject({ state: "ending" });
  });
});

describe("reading", () => {
  it("shows everyone's events to auditors alone", async () => {
    const broker = memoryBroker();
    await broker.grant();
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
  it("shows grants to those whom they concern", async () => {
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
    expect(await readHistory(broker.front, broker.actor("alice"), grant.id)).toHaveLength(2);
  });
});

describe("the sweep", () => {
  it("sends what is due each time, though it comes early or late within its minute", async () => {
    const broker = memoryBroker();
    await broker.grant();
    const sentAt = async (time: string) => {
      const before = broker.queue.sent.length;
      broker.chance.set(`2026-11-24T10:${time}Z`);
      await sweep(broker.front);
      return broker.queue.sent.slice(before).filter(({ cause }) => cause === "sweep").length;
    };
    expect(await sentAt("01:00.900")).toBe(1);
    expect(await sentAt("01:59.100")).toBe(1);
    // The same sweep, started again.
    expect(await sentAt("01:59.800")).toBe(0);
  });

  it("sends what is due once a minute, lapses what nobody answered, and goes on past a failure", async () => {
    const broker = memoryBroker();
    await broker.grant();
    const pending = await broker.ask({ access: view("payments-api") });
    broker.chance.set(pending.lapsesAt);
    const down = {
      ...broker.front,
      queue: { ...broker.front.queue, sendOnce: () => Promise.reject(new Error("down")) },
    };
    // The binding, and a look at each of the two clusters.
    expect(await sweep(down)).toEqual({ sent: 0, looks: 0, lapsed: 1, failed: 3 });
    expect(await sweep(broker.front)).toEqual({ sent: 1, looks: 0, lapsed: 0, failed: 0 });
    expect(await broker.front.requests.load(pending.id)).toMatchObject({ state: "lapsed" });
  });
});
