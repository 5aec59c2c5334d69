import type { Cause, ConvergeQueue } from "../../shared/ports/converge-queue.ts";

export interface SentBinding {
  readonly binding: string;
  readonly cause: Cause;
}

/** The queue in memory: what was sent, in order. Whoever plays converge takes from `sent`. */
export interface MemoryConvergeQueue extends ConvergeQueue {
  readonly sent: SentBinding[];
}

export function memoryConvergeQueue(): MemoryConvergeQueue {
  const sent: SentBinding[] = [];
  const known = new Set<string>();
  return {
    sent,
    async send(binding, cause) {
      sent.push({ binding, cause });
    },
    async sendOnce(binding, cause, turn) {
      const once = `${binding} ${turn}`;
      if (known.has(once)) return;
      known.add(once);
      sent.push({ binding, cause });
    },
  };
}
