import type { NotifyQueue } from "../../shared/ports/notify-queue.ts";

/** The queue in memory: whom notify was woken for, in order. */
export interface MemoryNotifyQueue extends NotifyQueue {
  readonly sent: string[];
}

export function memoryNotifyQueue(): MemoryNotifyQueue {
  const sent: string[] = [];
  const known = new Set<string>();
  return {
    sent,
    async wake(requestId) {
      sent.push(requestId);
    },
    async wakeOnce(requestId, turn) {
      const once = `${requestId} ${turn}`;
      if (known.has(once)) return;
      known.add(once);
      sent.push(requestId);
    },
  };
}
