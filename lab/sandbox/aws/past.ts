import type { Call } from "./service.ts";
import type { Store } from "./store.ts";

/** The values at earlier instants, by key. Instants are milliseconds since 1970. */
export interface Past<Value> {
  /** Notes all values there are at an instant. The first note holds for all time before it. */
  note(at: number, values: ReadonlyMap<string, Value>): void;
  /** A copy of what the key held at that instant; undefined where it held nothing. */
  at(key: string, instant: number): Value | undefined;
  /** Every key that held something within the time that is kept. */
  keys(): readonly string[];
}

/** A past that reaches back `keptMilliseconds`, at the cost of the changes within that time. */
export function past<Value>(keptMilliseconds: number): Past<Value> {
  const lines = new Map<string, { readonly at: number; readonly text: string | undefined }[]>();
  let isFirst = true;
  return {
    note(at, values) {
      const since = isFirst ? Number.NEGATIVE_INFINITY : at;
      isFirst = false;
      for (const key of new Set([...lines.keys(), ...values.keys()])) {
        const value = values.get(key);
        const text = value === undefined ? undefined : JSON.stringify(value);
        const line = lines.get(key) ?? [];
        if (line.at(-1)?.text !== text) line.push({ at: since, text });
        const oldest = line.findLastIndex((one) => one.at <= at - keptMilliseconds);
        line.splice(0, Math.max(0, oldest));
        if (line.every((one) => one.text === undefined)) lines.delete(key);
        else lines.set(key, line);
      }
    },
    at(key, instant) {
      const text = lines.get(key)?.findLast((one) => one.at <= instant)?.text;
      return text === undefined ? undefined : (JSON.parse(text) as Value);
    },
    keys: () => [...lines.keys()],
  };
}

/** A store that calls `remember` after each change. */
export function rememberedStore<State>(store: Store<State>, remember: () => void): Store<State> {
  return {
    get state() {
      return store.state;
    },
    change(mutate) {
      try {
        return store.change(mutate);
      } finally {
        remember();
      }
    },
  };
}

/** How far reads lag behind, and by which clock and random source. */
export interface ReadLag {
  /** The age of the oldest state that a read shows; half of all reads show the present. */
  readonly lagSeconds: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** From 0 up to 1, as `Math.random`. */
  readonly random: () => number;
}

/** Whether this call sees the present for certain. */
export function isFresh(call: Call, { lagSeconds }: ReadLag): boolean {
  return lagSeconds === 0 && call.staleMilliseconds === undefined;
}

/**
 * The instant that a read of this call shows. A fault sets a fixed age. Otherwise it is drawn for
 * each read within the lag, so that a later read may show an earlier state.
 */
export function instantSeen(call: Call, { lagSeconds, now, random }: ReadLag): number {
  const drawn = () => (random() < 0.5 ? 0 : random() * lagSeconds * 1000);
  return now() - (call.staleMilliseconds ?? drawn());
}
