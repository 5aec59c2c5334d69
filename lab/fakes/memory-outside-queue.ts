import type { FrontPorts } from "../../shared/ports/function-ports.ts";
import type { OutsideQueue } from "../../shared/ports/outside-queue.ts";
import { memoryFactStore } from "./memory-fact-store.ts";

/** The queue in memory: the keys that were sent, in order. */
export interface MemoryOutsideQueue extends OutsideQueue {
  readonly sent: string[];
}

export function memoryOutsideQueue(): MemoryOutsideQueue {
  const sent: string[] = [];
  return {
    sent,
    look: async (keys) => {
      sent.push(...keys);
    },
    lookAtTickets: async (keys) => {
      sent.push(...keys);
    },
  };
}

/** The ports of a policy that asks nothing of other services. */
export const nothingOutside = (): Pick<FrontPorts, "facts" | "outside"> => ({
  facts: memoryFactStore(),
  outside: memoryOutsideQueue(),
});
