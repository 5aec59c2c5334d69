import { notifyQueueContract } from "../contracts/notify-queue.contract.ts";
import { memoryNotifyQueue } from "./memory-notify-queue.ts";

notifyQueueContract("memoryNotifyQueue", async () => {
  const queue = memoryNotifyQueue();
  return { queue, sent: () => queue.sent };
});
