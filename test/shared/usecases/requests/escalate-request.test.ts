/** A pending request that its requester makes a break-glass of. */
import { describe, expect, it } from "vitest";
import { aPolicy, STAGING, T0 } from "../../../../lab/fakes/builders.ts";
import { PAYMENTS_GLASS, policyWithGlass } from "../../../../lab/fakes/glass-policy.ts";
import { lateQueue } from "../../../../lab/fakes/late-queue.ts";
import { edit, memoryBroker } from "../../../../lab/fakes/memory-broker.ts";
import { noticesFor } from "../../../../shared/domain/notices/notices-for.ts";
import type { Hours } from "../../../../shared/domain/policy/hours.ts";
import type { AccessPolicy, Rule } from "../../../../shared/domain/policy/policy.ts";
import { verifyChains } from "../../../../shared/domain/requests/audit-chain.ts";
import { digestOf } from "../../../../shared/domain/requests/digest.ts";
import { plusSeconds } from "../../../../shared/domain/values/instant.ts";
import { decideRequest } from "../../../../shared/usecases/requests/decide-request.ts";
import { escalateRequest } from "../../../../shared/usecases/requests/escalate-request.ts";
import {
  listToApprove,
  listToReview,
  readRequest,
} from "../../../../shared/usecases/requests/read-requests.ts";

const refused = (code: string) => expect.objectContaining({ code });

function world(
  over: Partial<Rule> = {},
  change: (policy: AccessPolicy) => AccessPolicy = (p) => p,
) {
  const broker = memoryBroker({ policy: change(policyWithGlass(over)) });
  return {
    broker,
    escalate: ({ id }: { readonly id: string }, rule: string | null = null, by = "alice") =>
      escalateRequest(broker.front, broker.actor(by), id, rule),
  };
}

describe("A pending request that becomes break-glass", () => {
  it("It is approved at once, with its id, its history and its access", async () => {
    const { broker, escalate } = world();
    const asked = await broker.ask();
    broker.clock.advance(30);
    const at = broker.clock.now();
    const glass = await escalate(asked);
    expect(glass).toMatchObject({
      id: asked.id,
      state: "approved",
      rule: PAYMENTS_GLASS,
      breakGlass: true,
      access: asked.access,
      createdAt: asked.createdAt,
      approvedAt: at,
      durationSeconds: 1_800,
      expiresAt: plusSeconds(at, 1_800 - 30),
      escalatedFrom: {
        rule: "payments-edit",
        durationSeconds: 3_600,
        startsAt: null,
        digest: asked.digest,
      },
    });
    expect(glass.digest).toBe(digestOf(glass));
    expect(glass.digest).not.toBe(asked.digest);
    const history = await broker.history(glass);
    expect(history.map(({ type, actor, to }) => [type, actor, to])).toEqual([
      ["request", "alice", "pending"],
      ["escalate", "alice", "pending"],
      ["approve", `policy:${PAYMENTS_GLASS}`, "approved"],
    ]);
    expect(history[1]?.details).toMatchObject({
      rule: PAYMENTS_GLASS,
      digest: glass.digest,
      insteadOf: { rule: "payments-edit", digest: asked.digest },
      skipped: ["bob"],
      surface: "api",
    });
    expect(verifyChains(history)).toEqual([]);
  });

  it("It is answered once converge's message was sent, since Lambda freezes what is not awaited", async () => {
    const { broker } = world();
    const { id } = await broker.ask();
    const order: string[] = [];
    const front = { ...broker.front, queue: lateQueue(broker.front.queue, order) };
    await escalateRequest(front, broker.actor("alice"), id, null);
    expect([...order, "answered"]).toEqual(["sent", "answered"]);
  });

  it("Converge adds its access, and takes it away in time", async () => {
    const { broker, escalate } = world();
    const glass = await escalate(await broker.ask());
    expect(broker.queue.sent.map(({ cause }) => cause)).toContain("approved");
    await broker.converge();
    expect(await broker.reload(glass)).toMatchObject({ state: "active" });
    await broker.convergeAtEnd(glass);
    await broker.settle();
    expect(await broker.reload(glass)).toMatchObject({ state: "ended" });
  });

  it("It opens the review that its rule says, due at its time after its start", async () => {
    const { broker, escalate } = world();
    const asked = await broker.ask({ startsAt: plusSeconds(T0, 7_200) });
    const glass = await escalate(asked);
    expect(glass.review).toEqual({
      by: ["payments-leads", "platform"],
      dueAt: plusSeconds(T0, 2 * 86_400),
      closed: null,
    });
    const [, , approve] = await broker.history(glass);
    expect(approve).toMatchObject({ details: { review: { dueAt: glass.review?.dueAt } } });
    await broker.converge();
    const waiting = await listToReview(broker.front, broker.actor("bob"), { limit: 10 });
    expect(waiting.items.map(({ id }) => id)).toEqual([glass.id]);
  });

  it("It begins at once, whatever start was asked for", async () => {
    const { broker, escalate } = world();
    const glass = await escalate(await broker.ask({ startsAt: plusSeconds(T0, 7_200) }));
    expect(glass).toMatchObject({ startsAt: null, revokeAt: plusSeconds(T0, 1_800 - 120) });
    expect(glass.escalatedFrom?.startsAt).toBe(plusSeconds(T0, 7_200));
    await broker.converge();
    expect(await broker.reload(glass)).toMatchObject({ state: "active" });
  });

  it("It lasts no longer than was asked for", async () => {
    const { broker, escalate } = world();
    const glass = await escalate(await broker.ask({ durationSeconds: 600 }));
    expect(glass.durationSeconds).toBe(600);
  });

  it("An approver who was asked still reads it, may revoke it, and is named among the skipped", async () => {
    const { broker, escalate } = world({}, (policy) => ({
      ...policy,
      slack: { teams: ["T0001"], channel: "C0001", alarms: "C0002" },
    }));
    const glass = await escalate(await broker.ask());
    expect((await readRequest(broker.front, broker.actor("bob"), glass.id)).id).toBe(glass.id);
    const { notices } = noticesFor(broker.front.policy, glass, broker.clock.now());
    const sent = notices.filter(({ kind, send }) => kind === "break-glass" && send);
    expect(sent.map(({ audience }) => audience)).toEqual([
      { kind: "channel", channel: "C0002" },
      { kind: "person", person: "bob" },
    ]);
    expect(sent[0]?.facts).toMatchObject({ breakGlassReview: { skipped: ["bob"] } });
    expect(await broker.end(glass, "revoke", "bob")).toMatchObject({ state: "ending" });
  });

  it("An approver who agreed before is not among the skipped", async () => {
    const { broker, escalate } = world({}, twoApprovals);
    const once = await broker.approve(await broker.ask());
    expect(once.state).toBe("pending");
    const glass = await escalate(once);
    const [, , step] = await broker.history(glass);
    expect(step).toMatchObject({ type: "escalate", details: { skipped: ["carol"] } });
    await broker.converge();
    expect(await broker.reload(glass)).toMatchObject({ state: "active" });
  });

  it("It keeps terms that somebody approved for less", async () => {
    const { broker, escalate } = world({}, twoApprovals);
    const asked = await broker.ask({ access: edit("payments-api", "payments-web") });
    const less = await decideRequest(broker.front, broker.actor("bob"), asked.id, {
      verdict: "approve",
      digest: asked.digest,
      less: { durationSeconds: 900, namespaces: ["payments-api"] },
    });
    const glass = await escalate(less);
    expect(glass).toMatchObject({ durationSeconds: 900, access: edit("payments-api") });
    await broker.converge();
    expect(await broker.reload(glass)).toMatchObject({ state: "active" });
  });

  it("Nobody is asked for its approval any more, and the same can be asked for again", async () => {
    const { broker, escalate } = world();
    await escalate(await broker.ask());
    const waiting = await listToApprove(broker.front, broker.actor("bob"), { limit: 10 });
    expect(waiting.items).toEqual([]);
    expect(await broker.ask()).toMatchObject({ state: "pending", rule: "payments-edit" });
  });

  it("Its rule is judged at that moment, not when the request was made", async () => {
    const hours: Hours = { days: ["tue"], from: "10:01", to: "12:00", timezone: "UTC" };
    const { broker, escalate } = world({ hours, lapseSeconds: 60 });
    const asked = await broker.ask();
    await expect(escalate(asked)).rejects.toEqual(refused("no-break-glass"));
    broker.clock.advance(120);
    const glass = await escalate(asked);
    await broker.converge();
    expect(await broker.reload(glass)).toMatchObject({ state: "active" });
  });
});

const twoApprovals = (policy: AccessPolicy): AccessPolicy => ({
  ...policy,
  rules: policy.rules.map((rule) =>
    rule.name === "payments-edit"
      ? {
          ...rule,
          approval: [
            { groups: ["payments-leads"], count: 1 },
            { groups: ["sre"], count: 1 },
          ],
        }
      : rule,
  ),
});

describe("A decision on a request that became break-glass", () => {
  it.each(["approve", "deny"] as const)(
    "With what was shown before, %s is refused and changes nothing",
    async (verdict) => {
      const { broker, escalate } = world();
      const asked = await broker.ask();
      const glass = await escalate(asked);
      const decide = (digest: string) =>
        decideRequest(broker.front, broker.actor("bob"), asked.id, { verdict, digest });
      await expect(decide(asked.digest)).rejects.toMatchObject({
        code: "digest-mismatch",
        message: expect.stringContaining("alice has made a break-glass of this"),
      });
      await expect(decide(glass.digest)).rejects.toEqual(refused("forbidden"));
      expect(await broker.reload(glass)).toEqual(glass);
    },
  );

  it("An approver who had approved before gets the same answer as any other", async () => {
    const { broker, escalate } = world({}, twoApprovals);
    const asked = await broker.ask();
    await escalate(await broker.approve(asked));
    await expect(broker.approve(asked)).rejects.toEqual(refused("digest-mismatch"));
    await expect(broker.approve(asked, "carol")).rejects.toEqual(refused("digest-mismatch"));
  });

  it("One of an approval and an escalation at once wins and nothing is granted twice", async () => {
    const { broker, escalate } = world();
    const asked = await broker.ask();
    const results = await Promise.allSettled([broker.approve(asked), escalate(asked)]);
    expect(results.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
    const history = await broker.history(asked);
    expect(history.filter(({ to, from }) => to === "approved" && from === "pending")).toHaveLength(
      1,
    );
  });
});

describe("An escalation to break-glass is refused", () => {
  it.each([
    ["by somebody who may read the request", "bob", "not-requester"],
    ["by somebody who may not", "mallory", "request-not-found"],
  ])("It is refused %s", async (_, by, code) => {
    const { broker, escalate } = world({}, (policy) => ({
      ...policy,
      people: {
        ...policy.people,
        mallory: {
          email: "m@example.com",
          groups: [],
          identities: { iam: [], slack: [] },
          principals: [],
        },
      },
    }));
    const asked = await broker.ask();
    await expect(escalate(asked, null, by)).rejects.toEqual(refused(code));
    expect(await broker.reload(asked)).toEqual(asked);
  });

  it.each<[string, Partial<Rule>, string]>([
    ["lends another cluster", { clusters: [STAGING.name] }, "break-glass-denied"],
    [
      "lends another policy",
      { access: { policies: ["AmazonEKSAdminPolicy"], scope: "cluster" } },
      "break-glass-denied",
    ],
    [
      "lends other namespaces",
      {
        access: { policies: ["AmazonEKSEditPolicy"], namespaces: ["other-*"], wildcards: false },
      },
      "break-glass-denied",
    ],
    ["lends groups", { access: { groups: ["eks-admins"] } }, "break-glass-denied"],
    ["wants a longer reason", { reason: { minLength: 100, ticket: null } }, "break-glass-denied"],
    ["is for somebody else", { who: { people: [], groups: ["sre"] } }, "no-break-glass"],
    [
      "needs an approval",
      { approval: [{ groups: ["sre"], count: 1 }] },
      "break-glass-needs-approval",
    ],
  ])(
    "It is refused under a named rule that %s, and without a name as well",
    async (_, over, code) => {
      const { broker, escalate } = world(over);
      const asked = await broker.ask();
      await expect(escalate(asked, PAYMENTS_GLASS)).rejects.toEqual(refused(code));
      await expect(escalate(asked)).rejects.toEqual(refused("no-break-glass"));
      expect(await broker.reload(asked)).toEqual(asked);
      expect(await broker.history(asked)).toHaveLength(1);
    },
  );

  it.each([
    ["is not for break-glass", "payments-edit", "not-break-glass"],
    ["does not exist", "nothing", "no-break-glass"],
    ["is somebody else's", "break-glass", "no-break-glass"],
  ])("It is refused under a rule that %s", async (_, rule, code) => {
    const { broker, escalate } = world();
    const asked = await broker.ask();
    await expect(escalate(asked, rule)).rejects.toEqual(refused(code));
    expect(await broker.reload(asked)).toEqual(asked);
  });

  it("It is refused where the policy has no break-glass rule for the person", async () => {
    const broker = memoryBroker({ policy: aPolicy() });
    const asked = await broker.ask();
    const escalate = escalateRequest(broker.front, broker.actor("alice"), asked.id, null);
    await expect(escalate).rejects.toEqual(refused("no-break-glass"));
  });

  it("It is refused with what each break-glass rule objects to, where none lends it", async () => {
    const { broker, escalate } = world({ clusters: ["staging"] });
    await expect(escalate(await broker.ask())).rejects.toMatchObject({
      code: "no-break-glass",
      facts: { refusals: [{ rule: PAYMENTS_GLASS, objections: [{ code: "other-cluster" }] }] },
    });
  });

  it.each<[string, "approve" | "deny" | "cancel" | "lapse", string]>([
    ["approved", "approve", "not-pending"],
    ["denied", "deny", "not-pending"],
    ["cancelled", "cancel", "not-pending"],
    ["lapsed", "lapse", "not-pending"],
  ])("It is refused once the request is %s", async (state, how, code) => {
    const { broker, escalate } = world();
    const asked = await broker.ask();
    if (how === "cancel") await broker.end(asked, "cancel");
    else if (how === "lapse") broker.clock.advance(86_400);
    else
      await decideRequest(broker.front, broker.actor("bob"), asked.id, {
        verdict: how,
        digest: asked.digest,
      });
    await expect(escalate(asked)).rejects.toMatchObject({ code, facts: { state } });
  });

  it("It is refused after the grant's end", async () => {
    const { broker, escalate } = world();
    const grant = await broker.activeGrant();
    await broker.convergeAtEnd(grant);
    await broker.settle();
    await expect(escalate(grant)).rejects.toMatchObject({
      code: "not-pending",
      facts: { state: "ended" },
    });
  });

  it("One of two at once is done, and the other gets already-break-glass", async () => {
    const { broker, escalate } = world();
    const asked = await broker.ask();
    const results = await Promise.allSettled([escalate(asked), escalate(asked)]);
    expect(results.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
    const lost = results.find((result) => result.status === "rejected");
    expect(lost?.reason).toEqual(refused("already-break-glass"));
    expect(await broker.history(asked)).toHaveLength(3);
  });

  it("It is refused for an extension that waits for its approval", async () => {
    const { broker, escalate } = world();
    const extension = await broker.extend(await broker.activeGrant());
    expect(extension.state).toBe("pending");
    await expect(escalate(extension)).rejects.toEqual(refused("extension-stays"));
  });

  it("It is refused where the cluster takes no access entries", async () => {
    const { broker, escalate } = world();
    const asked = await broker.ask();
    broker.modes.set(asked.cluster.arn, "CONFIG_MAP");
    await broker.checkCluster("prod");
    await expect(escalate(asked)).rejects.toEqual(refused("cluster-not-ready"));
  });

  it("It is refused while an overdue review blocks the rule", async () => {
    const review = { by: ["platform"], withinSeconds: 60, block: true };
    const { broker, escalate } = world({ review });
    const glass = await escalate(await broker.ask());
    await broker.converge();
    await broker.convergeAtEnd(glass);
    await broker.settle(120);
    const second = await broker.ask();
    await expect(escalate(second)).rejects.toEqual(refused("review-overdue"));
    expect(await broker.reload(second)).toEqual(second);
  });
});
