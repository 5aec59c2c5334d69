/** The use of a break-glass, for its reviewers once it is over. */
import { describe, expect, it } from "vitest";
import { aPolicy } from "../../../../lab/fakes/builders.ts";
import { memoryBroker } from "../../../../lab/fakes/memory-broker.ts";
import { bindingKey } from "../../../../shared/domain/entries/binding.ts";
import { RequestSchema } from "../../../../shared/http/contract/request-schemas.ts";
import { reviewedActivity } from "../../../../shared/usecases/evidence/read-activity.ts";
import { closeReview } from "../../../../shared/usecases/requests/close-review.ts";
import { done, summary } from "../../policy-tools/suggest/used-grants.ts";

const GLASS = {
  access: { policy: "AmazonEKSClusterAdminPolicy", scope: { type: "cluster" } },
  durationSeconds: 1_800,
  reason: "INC-4711 nothing answers",
} as const;

/** Carol's break-glass. Platform, of which she is, and payments-leads, of which bob is, review it. */
async function used() {
  const policy = aPolicy();
  const review = { by: ["platform", "payments-leads"], withinSeconds: 86_400, block: false };
  const rules = policy.rules.map((rule) => (rule.breakGlass ? { ...rule, review } : rule));
  const broker = memoryBroker({ policy: { ...policy, rules } });
  const grant = await broker.grant(GLASS, "carol");
  const binding = bindingKey(grant.cluster.arn, grant.principalArn);
  const append = (details: ReturnType<typeof summary>) =>
    broker.evidence.appendEvidence({
      type: "activity",
      requestId: grant.id,
      at: broker.clock.now(),
      details,
    });
  return {
    broker,
    grant,
    append,
    begin: () => broker.converge(binding),
    async end() {
      await broker.convergeAtEnd(grant);
      await broker.settle(120, binding);
    },
    read: async (by: string) =>
      reviewedActivity(broker.front, broker.actor(by), await broker.reload(grant)),
  };
}

describe("What was done with a break-glass", () => {
  it("A reviewer reads the last summary, before and after they close the review", async () => {
    const { broker, grant, append, begin, end, read } = await used();
    await begin();
    await end();
    expect(await read("bob")).toBeNull();
    await append(summary([done("get pods")]));
    const last = summary([done("get pods"), done("delete pods")]);
    await append(last);
    expect(await read("bob")).toEqual(last);
    await closeReview(broker.front, broker.actor("bob"), grant.id, "Looked at it.");
    expect(await read("bob")).toEqual(last);
  });

  it.each(["carol", "alice"])("%s, who may not review it, reads nothing", async (who) => {
    const { append, begin, end, read } = await used();
    await begin();
    await end();
    await append(summary([done("get pods")]));
    expect(await read(who)).toBeUndefined();
  });

  it("Nobody reads anything while the access lasts", async () => {
    const { append, begin, read } = await used();
    await append(summary([done("get pods")]));
    expect(await read("bob")).toBeUndefined();
    await begin();
    expect(await read("bob")).toBeUndefined();
  });

  it("Where the access never began nothing is missing, and a summary is shown all the same", async () => {
    const { broker, append, begin, read } = await used();
    broker.clock.advance(1_600);
    await begin();
    expect(await read("bob")).toBeUndefined();
    const found = summary([done("get pods")]);
    await append(found);
    expect(await read("bob")).toEqual(found);
  });

  it("The answer's schema takes a summary with each of its members", () => {
    const { activity } = RequestSchema.def.shape;
    const whole = summary([{ ...done("get pods"), as: "system:admin" }], {
      streams: [
        {
          kind: "exec",
          namespace: "a",
          pod: "b",
          startedAt: "2026-11-24T10:05:00.000Z",
          endedAt: null,
        },
      ],
      leftBehind: [
        { resource: "pods", namespace: null, name: null, createdAt: "2026-11-24T10:05:00.000Z" },
      ],
      differing: ["endedAt"],
    });
    expect(activity.parse(whole)).toEqual(whole);
    expect(activity.parse(null)).toBeNull();
    expect(activity.safeParse({ ...whole, more: 1 }).success).toBe(false);
  });
});
