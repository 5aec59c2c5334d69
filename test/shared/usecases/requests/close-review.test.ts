/** Reviews of break-glass: who closes one, when, and what an overdue one does. */
import { describe, expect, it } from "vitest";
import { aPolicy, T0 } from "../../../../lab/fakes/builders.ts";
import { memoryBroker } from "../../../../lab/fakes/memory-broker.ts";
import { bindingKey } from "../../../../shared/domain/entries/binding.ts";
import { memberOf } from "../../../../shared/domain/policy/policy.ts";
import { verifyChains } from "../../../../shared/domain/requests/audit-chain.ts";
import type { AccessRequest } from "../../../../shared/domain/requests/request.ts";
import { plusSeconds, secondsBetween } from "../../../../shared/domain/values/instant.ts";
import { closeReview } from "../../../../shared/usecases/requests/close-review.ts";
import { countOverdueReviews } from "../../../../shared/usecases/requests/overdue-reviews.ts";
import { previewRequest } from "../../../../shared/usecases/requests/preview-request.ts";
import { listToReview } from "../../../../shared/usecases/requests/read-requests.ts";

const GLASS = {
  access: { policy: "AmazonEKSClusterAdminPolicy", scope: { type: "cluster" } },
  durationSeconds: 1_800,
  reason: "INC-4711 nothing answers",
} as const;
const bindingOf = ({ cluster, principalArn }: AccessRequest) =>
  bindingKey(cluster.arn, principalArn);
const TWO_DAYS = 2 * 86_400;
const refused = (code: string) => expect.objectContaining({ code });

/** Payments-leads review, and so does platform, of which carol is herself. */
const worldWith = (block = false) => {
  const policy = aPolicy();
  const review = { by: ["platform", "payments-leads"], withinSeconds: TWO_DAYS, block };
  const rules = policy.rules.map((rule) => (rule.breakGlass ? { ...rule, review } : rule));
  const broker = memoryBroker({ policy: { ...policy, rules } });
  return {
    broker,
    use: () => broker.grant(GLASS, "carol"),
    begin: (grant: AccessRequest) => broker.converge(bindingOf(grant)),
    /** The access begins, ends on time, and a read proves it. */
    async finish(grant: AccessRequest) {
      await broker.converge(bindingOf(grant));
      await broker.convergeAtEnd(grant);
      await broker.settle(120, bindingOf(grant));
      return await broker.reload(grant);
    },
    close: ({ id }: AccessRequest, by = "bob", note = "Restarted the API server.") =>
      closeReview(broker.front, broker.actor(by), id, note),
    waiting: async (by: string) =>
      (await listToReview(broker.front, broker.actor(by), { limit: 10 })).items.map(({ id }) => id),
  };
};

describe("The review of a break-glass", () => {
  it("The approval opens it, due at its time after the grant's start", async () => {
    const { broker, use } = worldWith();
    const grant = await use();
    const dueAt = plusSeconds(grant.approvedAt ?? "", TWO_DAYS);
    const by = ["platform", "payments-leads"];
    expect(grant.review).toEqual({ by, dueAt, closed: null });
    const [, approve] = await broker.front.requests.history(grant.id);
    expect(approve).toMatchObject({ type: "approve", details: { review: { by, dueAt } } });
  });

  it("An ordinary grant opens none", async () => {
    const { broker } = worldWith();
    expect(await broker.grant()).not.toHaveProperty("review");
  });

  it("A reviewer closes it with a note once the access has ended", async () => {
    const { broker, use, finish, close } = worldWith();
    const grant = await use();
    const before = await finish(grant);
    expect(before.state).toBe("ended");
    const closed = await close(grant);
    expect(closed).toMatchObject({
      state: "ended",
      endedAt: before.endedAt,
      review: { closed: { person: "bob", note: "Restarted the API server." } },
    });
    const history = await broker.front.requests.history(grant.id);
    expect(history.at(-1)).toMatchObject({ type: "review", actor: "bob", from: "ended" });
    expect(verifyChains(history)).toEqual([]);
  });

  it("It is not closed while the access lasts, and the refusal says until when that is", async () => {
    const { broker, use, begin, close } = worldWith();
    const grant = await use();
    await begin(grant);
    broker.clock.advance(4);
    const { expiresAt } = await broker.reload(grant);
    await expect(close(grant)).rejects.toMatchObject({
      code: "review-too-early",
      message: expect.stringContaining(`carol still has this access, until ${expiresAt}`),
      facts: { state: "active", expiresAt },
    });
    expect(await broker.reload(grant)).toMatchObject({ state: "active", review: { closed: null } });
  });

  it("It is not closed while the access is being removed, until a read has proven the end", async () => {
    const { broker, use, begin, close } = worldWith();
    const grant = await use();
    await begin(grant);
    await broker.end(grant, "return", "carol");
    await expect(close(grant)).rejects.toMatchObject({
      code: "review-too-early",
      message: expect.stringContaining("still being removed"),
      facts: { state: "ending" },
    });
    await broker.converge(bindingOf(grant));
    await broker.settle(120, bindingOf(grant));
    expect(await close(grant)).toMatchObject({ state: "ended", review: { closed: {} } });
  });

  it("Nobody is late with a review that nobody can close yet", async () => {
    const { broker, use, begin } = worldWith(true);
    const grant = await use();
    await begin(grant);
    const stored = await broker.reload(grant);
    const review = { by: ["platform"], dueAt: stored.approvedAt ?? T0, closed: null };
    for (const [state, late] of [
      ["active", 0],
      ["ending", 0],
      ["ended", 1],
    ] as const) {
      broker.tables.requests.set(grant.id, { ...stored, state, review });
      expect(await countOverdueReviews(broker.front)).toBe(late);
    }
  });

  it("It is closed too where the access never came", async () => {
    const { broker, use, begin, close } = worldWith();
    const grant = await use();
    broker.clock.advance(1_600);
    await begin(grant);
    expect(await broker.reload(grant)).toMatchObject({ state: "failed" });
    expect(await close(grant)).toMatchObject({ state: "failed", review: { closed: {} } });
  });

  it("It is in the lists of those who may close it, until somebody does", async () => {
    const { use, finish, close, waiting } = worldWith();
    const grant = await use();
    await finish(grant);
    expect(await waiting("bob")).toEqual([grant.id]);
    expect(await waiting("carol")).toEqual([]);
    expect(await waiting("alice")).toEqual([]);
    await close(grant);
    expect(await waiting("bob")).toEqual([]);
  });

  it.each([
    ["its own requester", "carol", "own-review"],
    ["who may not read it", "alice", "request-not-found"],
  ])("It is not closed by %s", async (_, by, code) => {
    const { broker, use, begin, close } = worldWith();
    const grant = await use();
    await begin(grant);
    const before = await broker.reload(grant);
    await expect(close(grant, by)).rejects.toEqual(refused(code));
    expect(await broker.reload(grant)).toEqual(before);
  });

  it("It is not closed by an admin who is no reviewer", async () => {
    const policy = aPolicy();
    const review = { by: ["payments-leads"], withinSeconds: TWO_DAYS, block: false };
    const rules = policy.rules.map((rule) =>
      rule.breakGlass ? { ...rule, review, who: { people: ["bob"], groups: [] } } : rule,
    );
    const broker = memoryBroker({ policy: { ...policy, rules } });
    const grant = await broker.grant(GLASS, "bob");
    const close = closeReview(broker.front, broker.actor("carol"), grant.id, "seen");
    await expect(close).rejects.toEqual(refused("not-reviewer"));
  });

  it("It is not closed by somebody who holds the principal", async () => {
    const { broker, use, close } = worldWith();
    const grant = await use();
    const [principalArn = ""] = memberOf(broker.front.policy, "bob")?.principals ?? [];
    broker.tables.requests.set(grant.id, { ...grant, principalArn });
    await expect(close(grant)).rejects.toEqual(refused("own-review"));
  });

  it("It is not closed before the access has begun", async () => {
    const { broker, use, close } = worldWith();
    const grant = await use();
    await expect(close(grant)).rejects.toEqual(refused("review-too-early"));
    expect(await broker.reload(grant)).toEqual(grant);
  });

  it("It is not closed twice, not even by the same person with the same note", async () => {
    const { broker, use, finish, close } = worldWith();
    const grant = await use();
    await finish(grant);
    const closed = await close(grant);
    await expect(close(grant)).rejects.toEqual(refused("review-closed"));
    expect(await broker.reload(grant)).toEqual(closed);
  });

  it("One of two who close a review at once does, and the other gets review-closed", async () => {
    const policy = aPolicy();
    const people = { ...policy.people };
    const bob = people["bob"];
    if (bob) people["dora"] = { ...bob, principals: [] };
    const review = { by: ["payments-leads"], withinSeconds: TWO_DAYS, block: false };
    const rules = policy.rules.map((rule) => (rule.breakGlass ? { ...rule, review } : rule));
    const broker = memoryBroker({ policy: { ...policy, people, rules } });
    const grant = await broker.grant(GLASS, "carol");
    await broker.converge(bindingOf(grant));
    await broker.convergeAtEnd(grant);
    await broker.settle(120, bindingOf(grant));
    const results = await Promise.allSettled(
      ["bob", "dora"].map((by) =>
        closeReview(broker.front, broker.actor(by), grant.id, `seen by ${by}`),
      ),
    );
    expect(results.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
    const lost = results.find((result) => result.status === "rejected");
    expect(lost?.reason).toEqual(refused("review-closed"));
    const history = await broker.front.requests.history(grant.id);
    expect(history.filter(({ type }) => type === "review")).toHaveLength(1);
  });

  it("An ordinary request has no review to close", async () => {
    const { broker, close } = worldWith();
    await expect(close(await broker.grant())).rejects.toEqual(refused("no-review"));
  });
});

describe("An overdue review", () => {
  const again = { ...GLASS, reason: "INC-4712 nothing answers again" };

  it("It locks nobody out, unless the rule says so", async () => {
    const { broker, use } = worldWith(false);
    await use();
    broker.clock.advance(TWO_DAYS);
    expect(await broker.ask(again, "carol")).toMatchObject({ state: "approved" });
  });

  it("With block, it refuses its own requester the rule, until it is closed", async () => {
    const { broker, use, finish, close } = worldWith(true);
    const grant = await use();
    await finish(grant);
    const dueAt = plusSeconds(grant.approvedAt ?? "", TWO_DAYS);
    broker.clock.advance(secondsBetween(broker.clock.now(), dueAt) - 1);
    const meanwhile = await broker.ask(again, "carol");
    expect(meanwhile).toMatchObject({ state: "approved" });
    await broker.end(meanwhile, "cancel", "carol");
    broker.clock.advance(1);
    await expect(broker.ask(again, "carol")).rejects.toEqual(refused("review-overdue"));
    const ask = { cluster: "prod", principalArn: null, startsAt: null, rule: null, ...again };
    expect(await previewRequest(broker.front, broker.actor("carol"), ask)).toMatchObject({
      allowed: false,
      code: "review-overdue",
      facts: { id: grant.id },
    });
    await close(grant);
    expect(await broker.ask(again, "carol")).toMatchObject({ state: "approved" });
  });
});
