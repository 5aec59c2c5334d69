/** What people do: ask, decide, end and read. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AccessPolicy } from "../../../../shared/domain/policy/policy.ts";
import { verifyChains } from "../../../../shared/domain/requests/audit-chain.ts";
import { BrokerError } from "../../../../shared/domain/values/errors.ts";
import { plusSeconds, secondsBetween } from "../../../../shared/domain/values/instant.ts";
import { clusterSubject } from "../../../../shared/ports/converge-queue.ts";
import { IdempotencyTaken } from "../../../../shared/ports/request-store.ts";
import { sweep } from "../../../../shared/usecases/converge/sweep.ts";
import { createRequest } from "../../../../shared/usecases/requests/create-request.ts";
import { decideRequest } from "../../../../shared/usecases/requests/decide-request.ts";
import {
  listAuditEvents,
  listGrants,
  listOwn,
  listToApprove,
  readHistory,
  readRequest,
} from "../../../../shared/usecases/requests/read-requests.ts";
import { aPolicy } from "../../../fakes/builders.ts";
import { edit, memoryBroker, view } from "../../../fakes/memory-broker.ts";

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

describe("Asking for access", () => {
  it("An ask is stored as a pending request with its rule, digest and first event", async () => {
    const broker = memoryBroker();
    const asked = await broker.ask();
    expect(asked).toMatchObject({
      state: "pending",
      version: 1,
      rule: "payments-edit",
      requester: "alice",
      lapsesAt: plusSeconds(broker.clock.now(), 86_400),
    });
    expect(asked.digest).toMatch(/^[0-9a-f]{64}$/);
    expect(await broker.front.requests.history(asked.id)).toMatchObject([
      {
        type: "request",
        actor: "alice",
        details: {
          access: asked.access,
          durationSeconds: 3_600,
          reason: asked.reason,
          proof: { gatewayRequestId: "q" },
        },
      },
    ]);
    expect(broker.queue.sent).toEqual([]);
  });
  it("A request is approved by the policy if the rule needs no approver", async () => {
    const broker = memoryBroker();
    const access = { policy: "AmazonEKSViewPolicy", scope: { type: "cluster" } } as const;
    const asked = await broker.ask({ cluster: "staging", access });
    expect(asked).toMatchObject({ state: "approved", version: 2, approvals: [] });
    const history = await broker.front.requests.history(asked.id);
    expect(history.map(({ type, actor }) => [type, actor])).toEqual([
      ["request", "alice"],
      ["approve", "policy:view-staging"],
    ]);
    const { expiresAt, revokeAt } = asked;
    expect(history[1]?.details).toEqual({ expiresAt, revokeAt });
    expect(verifyChains(history)).toEqual([]);
    expect(broker.queue.sent).toHaveLength(1);
  });
  it("A repeated ask with the same key gets the same answer and is stored once", async () => {
    const broker = memoryBroker();
    const first = await createRequest(broker.front, broker.actor("alice"), askOf, "key-1");
    const again = await createRequest(broker.front, broker.actor("alice"), askOf, "key-1");
    expect(again).toEqual(first);
    expect((await listOwn(broker.front, broker.actor("alice"), { limit: 10 })).items).toHaveLength(
      1,
    );
  });
  it("A repeated ask with the same key gets the same answer, even if the policy has changed", async () => {
    const broker = memoryBroker();
    const first = await createRequest(broker.front, broker.actor("alice"), askOf, "key-1");
    const changed = { ...broker.front, policy: { ...broker.front.policy, rules: [] } };
    expect(await createRequest(changed, broker.actor("alice"), askOf, "key-1")).toEqual(first);
  });
  describe("A key whose record was not visible yet", () => {
    /** Hides the record of a key for this many reads. */
    const unseen = (broker: ReturnType<typeof memoryBroker>, times: number) => {
      let left = times;
      return {
        ...broker.front,
        requests: {
          ...broker.front.requests,
          idempotent: async (hash: string) => {
            left -= 1;
            return left < 0 ? broker.front.requests.idempotent(hash) : undefined;
          },
        },
      };
    };
    it("A concurrent ask with the same key gets the first answer and is stored once", async () => {
      const broker = memoryBroker();
      const alice = broker.actor("alice");
      const first = await createRequest(broker.front, alice, askOf, "key-1");
      expect(await createRequest(unseen(broker, 1), alice, askOf, "key-1")).toEqual(first);
      expect(broker.tables.requests.size).toBe(1);
    });
    it("A concurrent ask fails if the first answer cannot be found", async () => {
      const broker = memoryBroker();
      const alice = broker.actor("alice");
      await createRequest(broker.front, alice, askOf, "key-1");
      await expect(createRequest(unseen(broker, 2), alice, askOf, "key-1")).rejects.toBeInstanceOf(
        IdempotencyTaken,
      );
    });
    it("A concurrent ask fails with the table's error, and not as a conflict", async () => {
      const broker = memoryBroker();
      const alice = broker.actor("alice");
      await createRequest(broker.front, alice, askOf, "key-1");
      const create = () => Promise.reject(new Error("down"));
      const front = unseen(broker, 1);
      const down = { ...front, requests: { ...front.requests, create } };
      await expect(createRequest(down, alice, askOf, "key-1")).rejects.toThrow("down");
    });
  });
  it("A key is refused for another ask, but another person may use it", async () => {
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
  it("A duplicate of a pending request is refused with that request's id", async () => {
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
    ["a start too far in the future", { startsAt: "2027-11-24T09:00:00.000Z" }, "invalid-request"],
    ["an unknown cluster", { cluster: "toString" }, "policy-denied"],
    ["access that no rule lends", { access: edit("kube-system") }, "policy-denied"],
  ])("An ask for %s is refused and not stored", async (_, over, code) => {
    const broker = memoryBroker();
    await expect(broker.ask(over)).rejects.toEqual(refused(code));
    expect(broker.tables.requests.size).toBe(0);
  });
  it("A request lapses after a day, or when too little of its time would remain", async () => {
    const broker = memoryBroker();
    const lapsesIn = async (startsIn: number, durationSeconds: number) => {
      const startsAt = plusSeconds(broker.clock.now(), startsIn);
      const asked = await broker.ask({ startsAt, durationSeconds, access: edit("payments-web") });
      await broker.end(asked, "cancel");
      return secondsBetween(broker.clock.now(), asked.lapsesAt);
    };
    // Less the margin, the time in which it is too late to begin, and the rounding.
    expect(await lapsesIn(7_200, 3_600)).toBe(7_200 + 3_600 - 120 - 90 - 60);
    expect(await lapsesIn(86_400, 3_600)).toBe(86_400);
    expect(await lapsesIn(7_200, 300)).toBe(7_200 + 300 - 120 - 90 - 60);
  });
  it("A denial reveals nothing about rules for other people", async () => {
    const broker = memoryBroker();
    const denied = await broker
      .ask({ access: edit("payments-api") }, "carol")
      .catch((e: unknown) => e);
    expect(JSON.stringify(denied)).not.toContain("payments-edit");
  });
});

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
    expect(await sweep(broker.front)).toMatchObject({ additions: 1, lapsed: 0, failed: 0 });
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
    const approval = { person: "bob", surface: "api", at, note: "go on", proof };
    expect(decided.approvals).toEqual([approval]);
    const { expiresAt, revokeAt } = decided;
    expect((await broker.front.requests.history(id)).at(-1)).toMatchObject({
      actor: "bob",
      at,
      policyHash: broker.front.policy.hash,
      details: { digest, ...approval, expiresAt, revokeAt },
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
      outcome: { code: "denied", detail: "use staging" },
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
  it("The approvers are those of the current rule, and a refusal names them", async () => {
    const broker = memoryBroker();
    const { id, digest } = await broker.ask();
    const approvedBy = (...groups: string[]) => ({
      ...broker.front,
      policy: {
        ...broker.front.policy,
        rules: broker.front.policy.rules.map((rule) => ({
          ...rule,
          approval: groups.map((group) => ({ groups: [group, "sre"], count: 1 })),
        })),
      },
    });
    const decide = (front: typeof broker.front, by: string) =>
      decideRequest(front, broker.actor(by), id, { verdict: "approve", digest });
    await expect(decide(approvedBy("managers", "auditors"), "bob")).rejects.toMatchObject({
      code: "forbidden",
      message: expect.stringContaining("Only managers, sre, auditors may decide on this."),
    });
    await expect(decide(approvedBy(), "bob")).rejects.toMatchObject({
      code: "forbidden",
      message: expect.stringContaining("Only nobody may decide on this."),
    });
    expect(await decide(approvedBy("managers"), "carol")).toMatchObject({ state: "approved" });
  });
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

describe("Ending a request or grant", () => {
  it("A pending request is cancelled at once, and an approved one through ending", async () => {
    const broker = memoryBroker();
    expect(await broker.end(await broker.ask(), "cancel")).toMatchObject({ state: "cancelled" });
    expect(await broker.end(await broker.grant(), "cancel")).toMatchObject({ state: "ending" });
  });
  it("Converge is woken if access may exist, and not if it never did", async () => {
    const broker = memoryBroker();
    await broker.end(await broker.ask(), "cancel");
    expect(broker.queue.sent).toEqual([]);
    const { binding } = broker;
    await broker.end(await broker.grant(), "cancel");
    await broker.end(await broker.grant(), "revoke", "bob");
    const returned = await broker.grant();
    await broker.converge();
    await broker.end(returned, "return");
    expect(broker.queue.sent.filter(({ cause }) => cause !== "approved")).toEqual([
      { subject: binding, cause: "cancelled" },
      { subject: binding, cause: "revoked" },
      { subject: binding, cause: "returned" },
    ]);
  });
  it("A grant can be ended after the time at which it would have lapsed", async () => {
    const broker = memoryBroker();
    const asked = await broker.ask();
    broker.clock.set(plusSeconds(asked.lapsesAt, -60));
    await broker.approve(asked);
    broker.clock.advance(120);
    expect(await broker.end(asked, "revoke", "bob")).toMatchObject({ state: "ending" });
  });
  it.each([
    ["cancel", "bob", "forbidden"],
    ["return", "bob", "forbidden"],
    ["revoke", "alice", "forbidden"],
    ["return", "alice", "illegal-transition"],
  ] as const)("A request to %s by %s is refused while approved", async (verb, by, code) => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    await expect(broker.end(grant, verb, by)).rejects.toEqual(refused(code));
  });
  it("An end records who ended the grant and why, in the outcome and the history", async () => {
    const broker = memoryBroker();
    const ended = await broker.end(await broker.grant(), "revoke", "bob", "left the team");
    expect(ended.outcome).toEqual({ code: "revoked", detail: "Revoked by bob: left the team" });
    const history = await broker.front.requests.history(ended.id);
    expect(history.at(-1)).toMatchObject({ type: "revoke", details: { note: "left the team" } });
  });
  it("An end without a reason records who ended the grant", async () => {
    const broker = memoryBroker();
    const ended = await broker.end(await broker.ask(), "cancel");
    expect(ended.outcome).toEqual({ code: "cancelled", detail: "Cancelled by alice." });
    const history = await broker.front.requests.history(ended.id);
    expect(history.at(-1)?.details).not.toHaveProperty("note");
  });
  it.each(["bob", "carol"])("A grant can be revoked by an approver or admin: %s", async (by) => {
    const broker = memoryBroker();
    expect(await broker.end(await broker.grant(), "revoke", by)).toMatchObject({ state: "ending" });
  });
});

describe("Reading requests", () => {
  it("Everyone's events are shown to auditors only", async () => {
    const broker = memoryBroker();
    await broker.grant();
    broker.clock.advance(61);
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
  it("Grants are shown to the people whom they concern", async () => {
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

describe("The sweep", () => {
  it("A sweep sends what is due each minute, even if it runs early or late", async () => {
    const broker = memoryBroker();
    await broker.grant();
    const sentAt = async (time: string) => {
      const before = broker.queue.sent.length;
      broker.clock.set(`2026-11-24T10:${time}Z`);
      await sweep(broker.front);
      return broker.queue.sent.slice(before).filter(({ cause }) => cause === "sweep").length;
    };
    expect(await sentAt("01:00.900")).toBe(1);
    expect(await sentAt("01:59.100")).toBe(1);
    // The same sweep, started again.
    expect(await sentAt("01:59.800")).toBe(0);
  });

  it("A sweep sends bindings, lapses requests and continues after a failure", async () => {
    const broker = memoryBroker();
    await broker.grant();
    const pending = await broker.ask({ access: view("payments-api") });
    broker.clock.set(pending.lapsesAt);
    const down = {
      ...broker.front,
      queue: { ...broker.front.queue, sendOnce: () => Promise.reject(new Error("down")) },
    };
    // The binding, and a check of each of the two clusters.
    expect(await sweep(down)).toMatchObject({ additions: 0, lapsed: 1, failed: 3 });
    expect(await sweep(broker.front)).toMatchObject({ additions: 1, lapsed: 0, failed: 0 });
    expect(await broker.front.requests.load(pending.id)).toMatchObject({ state: "lapsed" });
  });

  const lapsing = async () => {
    const broker = memoryBroker();
    const pending = await broker.ask();
    broker.clock.set(pending.lapsesAt);
    const item = { kind: "lapse", requestId: pending.id } as const;
    const bindings = { ...broker.front.bindings, due: async () => [item] };
    return { broker, pending, front: { ...broker.front, bindings } };
  };

  it("A sweep leaves a request alone that was decided after it was found due", async () => {
    const { broker, pending, front } = await lapsing();
    broker.clock.advance(-1);
    await broker.approve(pending);
    broker.clock.advance(1);
    expect(await sweep(front)).toMatchObject({ failed: 0 });
    expect(await broker.reload(pending)).toMatchObject({ state: "approved" });
  });

  it.each([
    [new BrokerError("version-conflict", "Somebody decided at the last moment."), 0],
    [new BrokerError("dependency-unavailable", "The table does not answer."), 1],
    [new Error("The table does not answer."), 1],
  ])(
    "A request whose lapse cannot be stored stays pending, and failures are counted: %s",
    async (error, failed) => {
      const { broker, pending, front } = await lapsing();
      const requests = { ...front.requests, save: () => Promise.reject(error) };
      expect(await sweep({ ...front, requests })).toMatchObject({ failed });
      expect(await broker.reload(pending)).toMatchObject({ state: "pending" });
    },
  );

  it("A sweep sends no checks of retired clusters", async () => {
    const broker = memoryBroker();
    const { staging, ...others } = broker.front.policy.clusters;
    if (!staging) throw new Error("There is no staging.");
    const clusters = { ...others, staging: { ...staging, retired: true } };
    await sweep({ ...broker.front, policy: { ...broker.front.policy, clusters } });
    expect(broker.queue.sent).toEqual([
      { subject: clusterSubject("prod"), cause: "cluster-check" },
    ]);
  });
});

describe("Acting again, and reading what others did", () => {
  it("Repeating one's own approval stores nothing and wakes nothing", async () => {
    const broker = memoryBroker();
    const startsAt = plusSeconds(broker.clock.now(), 7_200);
    const asked = await broker.ask({ startsAt });
    const approved = await broker.approve(asked);
    const sent = broker.queue.sent.length;
    for (let again = 0; again < 5; again += 1)
      expect(await broker.approve(asked)).toEqual(approved);
    expect(broker.queue.sent).toHaveLength(sent);
    expect(await broker.history(asked)).toHaveLength(2);
  });

  it("Only auditors read the proof of who acted in a history", async () => {
    const broker = memoryBroker();
    const asked = await broker.grant();
    const read = (name: string) => readHistory(broker.front, broker.actor(name), asked.id);
    for (const name of ["alice", "bob"]) {
      const text = JSON.stringify(await read(name));
      expect(text).toContain(asked.reason);
      expect(text).not.toMatch(/proof|callerId|gatewayRequestId|AROA/);
    }
    expect(await read("carol")).toEqual(await broker.history(asked));
    expect(JSON.stringify(await read("carol"))).toContain("AROA:bob");
  });
});
