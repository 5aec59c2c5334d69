import { randomBytes } from "node:crypto";
import type { CursorKeys } from "../../shared/ports/cursor-keys.ts";

/** Keys in memory; `delete` forgets one. */
export function memoryCursorKeys(keys = new Map<string, Uint8Array>()): CursorKeys {
  return {
    findKey: async (day) => keys.get(day),
    async keyFor(day) {
      const key = keys.get(day) ?? randomBytes(32);
      keys.set(day, key);
      return key;
    },
  };
}
