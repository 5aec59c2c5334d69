import type { MessagePlaces } from "../../shared/ports/message-places.ts";
import type { MessagePlace } from "../../shared/ports/messenger.ts";

/** Keeps where messages are in memory. */
export function memoryMessagePlaces(): MessagePlaces {
  const places = new Map<string, MessagePlace>();
  return {
    async put(mark, place) {
      if (!places.has(mark)) places.set(mark, place);
    },
    find: async (mark) => places.get(mark),
  };
}
