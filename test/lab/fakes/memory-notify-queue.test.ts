import { memoryNotifyQueue } from "../../../lab/fakes/memory-notify-queue.ts";
import { notifyQueueContract } from "../../contracts/notify-queue.contract.ts";

notifyQueueContract("memoryNotifyQueue", async () => {
  const queue = memoryNotifyQueue();
  return { queue, sent: () => queue.sent };
});
