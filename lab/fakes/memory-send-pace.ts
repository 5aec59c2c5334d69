import type { Clock } from "../../shared/ports/clock.ts";
import type { SendPace } from "../../shared/ports/send-pace.ts";

/** Lanes in memory, each with the instant from which on it is free. */
export function memorySendPace(clock: Clock): SendPace {
  const freeAtMs = new Map<string, number>();
  return {
    nextSlot: async (lane, gapMs, latest) => {
      const slotMs = Math.max(Date.parse(clock.now()), freeAtMs.get(lane) ?? 0);
      if (slotMs > Date.parse(latest)) return null;
      freeAtMs.set(lane, slotMs + gapMs);
      return new Date(slotMs).toISOString();
    },
  };
}
