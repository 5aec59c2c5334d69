import { beforeEach, describe, expect, it } from "vitest";
import type { ConvergeQueue } from "../../shared/ports/converge-queue.ts";

export interface ConvergeQueueWorld {
  readonly queue: ConvergeQueue;
  /** All subjects that were sent, in order, each with its cause. */
  sent(): Promise<readonly { readonly subject: string; readonly cause: string }[]>;
}

const ONE = "1".repeat(64);
const OTHER = "2".repeat(64);

/** The guarantees of every ConvergeQueue. */
export function convergeQueueContract(name: string, make: () => Promise<ConvergeQueueWorld>) {
  describe(`${name} as a ConvergeQueue`, () => {
    let world: ConvergeQueueWorld;
    let queue: ConvergeQueue;
    beforeEach(async () => {
      world = await make();
      ({ queue } = world);
    });

    it("The queue sends a binding with its cause", async () => {
      await queue.send(ONE, "approved");
      expect(await world.sent()).toEqual([{ subject: ONE, cause: "approved" }]);
    });

    it("The queue sends the same binding again, each time as its own message", async () => {
      await queue.send(ONE, "revoked");
      await queue.send(ONE, "revoked");
      expect(await world.sent()).toHaveLength(2);
    });

    it("The queue sends a binding once per turn with sendOnce", async () => {
      await queue.sendOnce(ONE, "sweep", "turn 1");
      await queue.sendOnce(ONE, "sweep", "turn 1");
      await queue.sendOnce(OTHER, "sweep", "turn 1");
      await queue.sendOnce(ONE, "sweep", "turn 2");
      const subjects = (await world.sent()).map(({ subject }) => subject);
      expect(subjects.toSorted()).toEqual([ONE, ONE, OTHER]);
    });

    it("The queue reports how many messages wait", async () => {
      expect(await queue.backlog()).toBe(0);
      await queue.send(ONE, "approved");
      await queue.send(OTHER, "approved");
      expect(await queue.backlog()).toBe(2);
    });

    it("The queue sends what people did in addition to the sweep's message", async () => {
      await queue.sendOnce(ONE, "sweep", "turn 1");
      await queue.send(ONE, "returned");
      expect(await world.sent()).toHaveLength(2);
    });
  });
}
