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
    async wake(subject) {
      sent.push(subject);
    },
    async wakeOnce(subject, turn) {
      const once = `${subject} ${turn}`;
      if (known.has(once)) return;
      known.add(once);
      sent.push(subject);
    },
  };
}
