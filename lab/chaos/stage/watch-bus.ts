/**
 * Collects every event of the stack's event bus. The sandbox keeps its latest thousand events, so
 * they are read as they come.
 */
import { readFileSync, statSync } from "node:fs";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";

const EVERY_MS = 3_000;
const BUS = "timelatch";

interface StoredBuses {
  readonly buses: Readonly<
    Record<
      string,
      {
        readonly name: string;
        readonly events: readonly { readonly detail: { readonly id?: unknown } }[];
      }
    >
  >;
}

/** The file in which the sandbox of a folder keeps EventBridge's state. */
export const busFile = (dir: string): string => path.join(dir, "state", "eventbridge.json");

/** The ids of all events on the bus, in the text of the file of EventBridge's state. */
export function idsOnBus(text: string): readonly string[] {
  const { buses } = JSON.parse(text) as StoredBuses;
  return Object.values(buses)
    .filter(({ name }) => name === BUS)
    .flatMap(({ events }) => events.map(({ detail }) => String(detail.id)));
}

export interface BusWatch {
  /** `detail.id` of every event so far; reads on first. */
  ids(): ReadonlySet<string>;
  stop(): Promise<void>;
}

/** @param dir the sandbox's folder */
export function watchBus(dir: string): BusWatch {
  const file = busFile(dir);
  const known = new Set<string>();
  let isOn = true;
  let readAt = -1;
  const readOn = () => {
    try {
      const { mtimeMs } = statSync(file);
      if (mtimeMs === readAt) return;
      for (const id of idsOnBus(readFileSync(file, "utf8"))) known.add(id);
      readAt = mtimeMs;
    } catch {
      // It is not there yet, or is being replaced.
    }
  };
  const controller = new AbortController();
  const watching = (async () => {
    while (isOn) {
      readOn();
      await pause(EVERY_MS, undefined, { signal: controller.signal }).catch(() => undefined);
    }
  })();
  return {
    ids() {
      readOn();
      return known;
    },
    async stop() {
      isOn = false;
      controller.abort();
      await watching;
    },
  };
}
