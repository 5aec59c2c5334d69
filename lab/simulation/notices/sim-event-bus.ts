import type { BusEvent } from "../../../shared/domain/notices/bus-event.ts";
import type { EventBus } from "../../../shared/ports/event-bus.ts";
import { ServiceFailed } from "../network/service-failed.ts";
import type { SimSlackOptions } from "./sim-slack.ts";

const LATENCY = [10, 60] as const;

/** EventBridge, which fails, takes only some events of a call, and forgets answers. */
export function simEventBus(options: SimSlackOptions): EventBus {
  const { time, startedAt, random, profile, watch, note } = options;
  const strikes = (probability: number) =>
    time.now - startedAt <= profile.faultsUntil && random.chance(probability);
  return {
    async publish(events) {
      const id = events[0]?.subject ?? "";
      await time.delay(random.between(...LATENCY));
      if (strikes(profile.bus.failed)) {
        watch.troubled(id, "bus");
        throw new ServiceFailed("The bus does not answer.");
      }
      const most = strikes(profile.bus.takesSome)
        ? random.whole(0, events.length - 1)
        : events.length;
      const taken: readonly BusEvent[] = events.slice(0, most);
      if (most < events.length) watch.troubled(id, "bus");
      watch.published(id, taken);
      note(() => `takes ${taken.length} of ${events.length} events of ${id.slice(-4)}`);
      if (!strikes(profile.bus.answerLost)) return most;
      watch.troubled(id, "bus");
      throw new ServiceFailed("The answer of the bus was lost.");
    },
  };
}
