import { describe, expect, it } from "vitest";
import { countedId } from "../../lab/fakes/counted-ids.ts";
import type { NotifyQueue } from "../../shared/ports/notify-queue.ts";

export interface NotifyQueueWorld {
  readonly queue: NotifyQueue;
  /** Every request that notify was woken for, in order. */
  readonly sent: () => readonly string[];
}

/** The promises of every NotifyQueue. */
export function notifyQueueContract(name: string, make: () => Promise<NotifyQueueWorld>) {
  describe(`${name} as a NotifyQueue`, () => {
    it("A notify queue wakes notify each time, even for the same request", async () => {
      const { queue, sent } = await make();
      await queue.wake(countedId(1));
      await queue.wake(countedId(1));
      expect(sent()).toEqual([countedId(1), countedId(1)]);
    });

    it("A notify queue wakes notify once a turn where the caller asks for that", async () => {
      const { queue, sent } = await make();
      await queue.wakeOnce(countedId(1), "turn 1");
      await queue.wakeOnce(countedId(1), "turn 1");
      await queue.wakeOnce(countedId(2), "turn 1");
      await queue.wakeOnce(countedId(1), "turn 2");
      await queue.wake(countedId(1));
      const own = sent().filter((id) => id === countedId(1));
      expect(own).toHaveLength(3);
      expect(sent()).toHaveLength(4);
    });
  });
}
