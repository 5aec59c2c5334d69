/** Requests for access. */
import { describe, expect, it } from "vitest";
import { ASK, edit, memoryBroker } from "../../../../lab/fakes/memory-broker.ts";
import { verifyChains } from "../../../../shared/domain/requests/audit-chain.ts";
import { plusSeconds, secondsBetween } from "../../../../shared/domain/values/instant.ts";
import { IdempotencyTaken } from "../../../../shared/ports/idempotency.ts";
import { createRequest } from "../../../../shared/usecases/requests/create-request.ts";
import { listOwn } from "../../../../shared/usecases/requests/read-requests.ts";

const refused = (code: string) => expect.objectContaining({ code });
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
    const first = await createRequest(broker.front, broker.actor("alice"), ASK, "key-1");
    const again = await createRequest(broker.front, broker.actor("alice"), ASK, "key-1");
    expect(again).toEqual(first);
    expect((await listOwn(broker.front, broker.actor("alice"), { limit: 10 })).items).toHaveLength(
      1,
    );
  });
  it("A repeated ask with the same key gets the same answer, even if the policy has changed", async () => {
    const broker = memoryBroker();
    const first = await createRequest(broker.front, broker.actor("alice"), ASK, "key-1");
    const changed = { ...broker.front, policy: { ...broker.front.policy, rules: [] } };
    expect(await createRequest(changed, broker.actor("alice"), ASK, "key-1")).toEqual(first);
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
      const first = await createRequest(broker.front, alice, ASK, "key-1");
      expect(await createRequest(unseen(broker, 1), alice, ASK, "key-1")).toEqual(first);
      expect(broker.tables.requests.size).toBe(1);
    });
    it("A concurrent ask fails if the first answer cannot be found", async () => {
      const broker = memoryBroker();
      const alice = broker.actor("alice");
      await createRequest(broker.front, alice, ASK, "key-1");
      await expect(createRequest(unseen(broker, 2), alice, ASK, "key-1")).rejects.toBeInstanceOf(
        IdempotencyTaken,
      );
    });
    it("A concurrent ask fails with the table's error, and not as a conflict", async () => {
      const broker = memoryBroker();
      const alice = broker.actor("alice");
      await createRequest(broker.front, alice, ASK, "key-1");
      const create = () => Promise.reject(new Error("down"));
      const front = unseen(broker, 1);
      const down = { ...front, requests: { ...front.requests, create } };
      await expect(createRequest(down, alice, ASK, "key-1")).rejects.toThrow("down");
    });
  });
  it("A key is refused for another ask, but another person may use it", async () => {
    const broker = memoryBroker();
    await createRequest(broker.front, broker.actor("alice"), ASK, "key-1");
    await expect(
      createRequest(broker.front, broker.actor("alice"), { ...ASK, durationSeconds: 600 }, "key-1"),
    ).rejects.toEqual(refused("idempotency-mismatch"));
    const carol = {
      ...ASK,
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
    ["a start too far in the future", { startsAt: "2027-11-24T09:00:00.000Z" }, "policy-denied"],
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
