/** How many reviews are overdue, which the sweep reports each minute. */
import { describe, expect, it } from "vitest";
import { bindingKey } from "../../../../shared/domain/entries/binding.ts";
import { closeReview } from "../../../../shared/usecases/requests/close-review.ts";
import { countOverdueReviews } from "../../../../shared/usecases/requests/overdue-reviews.ts";
import { memoryBroker } from "../../../fakes/memory-broker.ts";

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
    await broker.converge(bindingKey(first.cluster.arn, first.principalArn));
    broker.clock.advance(600);
    await broker.grant(GLASS, "carol");
    broker.clock.advance(TWO_DAYS - 601);
    expect(await overdue()).toBe(0);
    broker.clock.advance(1);
    expect(await overdue()).toBe(1);
    broker.clock.advance(600);
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
