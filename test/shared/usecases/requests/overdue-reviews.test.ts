/** How many reviews are overdue, which the sweep reports each minute, and whom they keep from another break-glass. */
import { describe, expect, it } from "vitest";
import { aPolicy, aRequest, T0 } from "../../../../lab/fakes/builders.ts";
import { memoryBroker } from "../../../../lab/fakes/memory-broker.ts";
import { bindingKey } from "../../../../shared/domain/entries/binding.ts";
import { memberOf } from "../../../../shared/domain/policy/policy.ts";
import type { AccessRequest } from "../../../../shared/domain/requests/request.ts";
import { plusSeconds, secondsBetween } from "../../../../shared/domain/values/instant.ts";
import { closeReview } from "../../../../shared/usecases/requests/close-review.ts";
import {
  blockedByReview,
  countOverdueReviews,
} from "../../../../shared/usecases/requests/overdue-reviews.ts";

const GLASS = {
  access: { policy: "AmazonEKSClusterAdminPolicy", scope: { type: "cluster" } },
  durationSeconds: 1_800,
  reason: "INC-4711 nothing answers",
} as const;
const TWO_DAYS = 2 * 86_400;

describe("The count of overdue reviews", () => {
  it("A review counts from the instant at which it is due, and until somebody closes it", async () => {
    const broker = memoryBroker();
    const overdue = () => countOverdueReviews(broker.front);
    expect(await overdue()).toBe(0);
    const first = await broker.grant(GLASS, "carol");
    const binding = bindingKey(first.cluster.arn, first.principalArn);
    await broker.converge(binding);
    await broker.convergeAtEnd(first);
    const second = await broker.grant(GLASS, "carol");
    await broker.converge(binding);
    await broker.convergeAtEnd(second);
    await broker.settle(120, binding);
    expect(await broker.reload(second)).toMatchObject({ state: "ended" });
    const until = ({ approvedAt }: typeof first) =>
      secondsBetween(broker.clock.now(), plusSeconds(approvedAt ?? "", TWO_DAYS));
    broker.clock.advance(until(first) - 1);
    expect(await overdue()).toBe(0);
    broker.clock.advance(1);
    expect(await overdue()).toBe(1);
    broker.clock.advance(until(second));
    expect(await overdue()).toBe(2);
    await closeReview(broker.front, broker.actor("bob"), first.id, "Looked at it.");
    expect(await overdue()).toBe(1);
  });

  it("An ordinary grant never counts", async () => {
    const broker = memoryBroker();
    await broker.grant();
    broker.clock.advance(10 * TWO_DAYS);
    expect(await countOverdueReviews(broker.front)).toBe(0);
  });

  it("The sweep asks for one page of a fixed size, however many are open", async () => {
    const broker = memoryBroker();
    const asked: unknown[] = [];
    const requests = {
      ...broker.front.requests,
      openReviews: async (...args: unknown[]) => {
        asked.push(args);
        return { items: [] };
      },
    };
    await countOverdueReviews({ ...broker.front, requests });
    expect(asked).toEqual([[{ limit: 100 }]]);
  });
});

describe("The people whom an overdue review keeps from another break-glass", () => {
  const policy = aPolicy();
  const found = policy.rules.find(({ breakGlass }) => breakGlass);
  const carol = memberOf(policy, "carol");
  if (!found || !carol) throw new Error("The policy of tests lacks a rule or carol.");
  const member = carol;
  const review = { by: ["payments-leads"], withinSeconds: TWO_DAYS, block: true };
  const rule = { ...found, review };
  const glass = (id: string, more: Partial<AccessRequest> = {}): AccessRequest => ({
    ...aRequest({ id, requester: "carol", rule: rule.name, breakGlass: true }),
    state: "ended",
    review: { by: ["platform", "payments-leads"], dueAt: T0, closed: null },
    ...more,
  });

  /** The id of the request that blocks carol. The store looks at one request a page. */
  async function blocking(open: readonly AccessRequest[], under = rule) {
    const openReviews = async (
      { after, limit }: { readonly after?: string; readonly limit: number },
      isWanted: (request: AccessRequest) => boolean = () => true,
    ) => {
      const at = Number(after ?? 0);
      return {
        items: open
          .slice(at, at + 1)
          .filter(isWanted)
          .slice(0, limit),
        ...(at + 1 < open.length ? { next: String(at + 1) } : {}),
      };
    };
    const requests = { openReviews } as unknown as ReturnType<
      typeof memoryBroker
    >["front"]["requests"];
    const refusal = await blockedByReview({ requests }, member, { rule: under }, T0);
    return refusal?.facts["id"];
  }

  it("One whose own review under the same rule is overdue, on whatever page it is", async () => {
    expect(await blocking([glass("a")])).toBe("a");
    const others = [
      glass("b", { requester: "alice" }),
      glass("c", { rule: "payments-glass" }),
      glass("g", { state: "active" }),
      glass("d", { review: { by: ["platform"], dueAt: "2026-11-24T10:00:00.001Z", closed: null } }),
      glass("e", {
        review: { by: ["platform"], dueAt: T0, closed: { person: "bob", at: T0, note: "x" } },
      }),
    ];
    expect(await blocking([...others, glass("f")])).toBe("f");
    expect(await blocking(others)).toBeUndefined();
    expect(await blocking([])).toBeUndefined();
  });

  it("Nobody under a rule that does not say so", async () => {
    expect(
      await blocking([glass("a")], { ...rule, review: { ...review, block: false } }),
    ).toBeUndefined();
    const { review: _, ...plain } = rule;
    expect(await blocking([glass("a")], plain as typeof rule)).toBeUndefined();
  });
});
