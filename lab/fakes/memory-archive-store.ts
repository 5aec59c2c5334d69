import { ArchiveConflict, type ArchiveStore } from "../../shared/ports/archive-store.ts";

export interface MemoryArchiveStore extends ArchiveStore {
  /** Lines by key. Only tests that play an attacker change them. */
  readonly objects: Map<string, readonly string[]>;
}

/** An archive in memory. */
export function memoryArchiveStore(): MemoryArchiveStore {
  const objects = new Map<string, readonly string[]>();
  return {
    objects,
    async put(key, lines) {
      const found = objects.get(key);
      if (found && JSON.stringify(found) !== JSON.stringify(lines)) throw new ArchiveConflict(key);
      objects.set(key, [...lines]);
    },
    async read(key) {
      const lines = objects.get(key);
      return lines && each(lines);
    },
    list: async (prefix, after = "") =>
      [...objects.keys()].filter((key) => key.startsWith(prefix) && key > after).sort(),
  };
}

async function* each(lines: readonly string[]): AsyncGenerator<string> {
  yield* lines;
}
