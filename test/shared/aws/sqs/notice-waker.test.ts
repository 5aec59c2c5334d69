import { beforeEach, describe, expect, it } from "vitest";
import { type NoticeWaker, noticeWaker } from "../../../../shared/aws/sqs/notice-waker.ts";
import { wakingNotify } from "../../../../shared/usecases/notices/waking-notify.ts";
import { aFirstStep, anApproval, aStep } from "../../../fakes/builders.ts";
import { countedId } from "../../../fakes/counted-ids.ts";
import { type MemoryNotifyQueue, memoryNotifyQueue } from "../../../fakes/memory-notify-queue.ts";
import { memoryRequestStore } from "../../../fakes/memory-request-store.ts";

let queue: MemoryNotifyQueue;
let waker: NoticeWaker;
beforeEach(() => {
  queue = memoryNotifyQueue();
  waker = noticeWaker(memoryRequestStore(), queue);
});

describe("notify is woken", () => {
  const first = aFirstStep();
  const approval = anApproval(first.request);

  it("notify is woken once for each stored request, however many steps there were", async () => {
    await waker.requests.create([first]);
    await waker.requests.save(approval);
    await waker.requests.create([aFirstStep({ id: countedId(2), rule: "other" })]);
    expect(queue.sent).toEqual([]);
    await waker.wakeNotify();
    expect(queue.sent).toEqual([first.request.id, countedId(2)]);
    await waker.wakeNotify();
    expect(queue.sent).toHaveLength(2);
  });

  it("notify is woken for steps that are stored together", async () => {
    await waker.requests.create([first, approval]);
    await waker.requests.saveAll([aStep(approval.request, { type: "activate" })]);
    await waker.wakeNotify();
    expect(queue.sent).toEqual([first.request.id]);
  });

  it("notify is not woken for a step that was refused", async () => {
    await expect(waker.requests.save(aStep(first.request, { type: "deny" }))).rejects.toThrow();
    await waker.wakeNotify();
    expect(queue.sent).toEqual([]);
  });

  it("notify is woken last, even where the work failed, and waking never throws", async () => {
    const broken = noticeWaker(memoryRequestStore(), {
      ...queue,
      wake: async (id) => {
        await queue.wake(id);
        throw new Error("The queue does not answer.");
      },
    });
    const handler = wakingNotify(broken, async () => {
      await broken.requests.create([first]);
      throw new Error("Something else failed.");
    });
    await expect(handler()).rejects.toThrow("Something else failed.");
    expect(queue.sent).toEqual([first.request.id]);
  });
});
