import type { Cause, ConvergeQueue } from "../../shared/ports/converge-queue.ts";

/** A message, as it was sent. */
export interface SentMessage {
  readonly subject: string;
  readonly cause: Cause;
}

/** The queue in memory: what was sent, in order. Tests take messages from `sent`. */
export interface MemoryConvergeQueue extends ConvergeQueue {
  readonly sent: SentMessage[];
}

export function memoryConvergeQueue(): MemoryConvergeQueue {
  const sent: SentMessage[] = [];
  const known = new Set<string>();
  return {
    sent,
    async send(subject, cause) {
      sent.push({ subject, cause });
    },
    backlog: async () => sent.length,
    async sendOnce(subject, cause, turn) {
      const once = `${subject} ${turn}`;
      if (known.has(once)) return;
      known.add(once);
      sent.push({ subject, cause });
    },
  };
}
