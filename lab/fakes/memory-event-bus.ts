import type { BusEvent } from "../../shared/domain/notices/bus-event.ts";
import type { EventBus } from "../../shared/ports/event-bus.ts";

export interface MemoryEventBus extends EventBus {
  readonly published: readonly BusEvent[];
  /** How many events of the next call the bus takes; it refuses the others. */
  takeOnly(events: number): void;
  /** Lets the next call fail, after the bus took all of its events or none. */
  failNext(taken: "all" | "none"): void;
}

/** An event bus in memory. */
export function memoryEventBus(): MemoryEventBus {
  const published: BusEvent[] = [];
  let most = Number.POSITIVE_INFINITY;
  let failure: "all" | "none" | undefined;
  return {
    published,
    takeOnly: (events) => {
      most = events;
    },
    failNext: (taken) => {
      failure = taken;
    },
    async publish(events) {
      const taken = failure === "none" ? 0 : Math.min(events.length, most);
      published.push(...events.slice(0, taken));
      const failed = failure !== undefined;
      most = Number.POSITIVE_INFINITY;
      failure = undefined;
      if (failed) throw new Error("The bus did not answer.");
      return taken;
    },
  };
}
