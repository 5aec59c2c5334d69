import type { ConvergeQueue } from "../../shared/ports/converge-queue.ts";

/** A queue whose messages are sent in a later turn of the event loop. @param sent tells when, by `sent` */
export const lateQueue = <Queue extends Pick<ConvergeQueue, "send">>(
  queue: Queue,
  sent: string[],
): Queue => ({
  ...queue,
  send: async () => {
    await new Promise((resolve) => setImmediate(resolve));
    sent.push("sent");
  },
});
