/**
 * Wakes those who wait for a change of a store. Kept per store object, not in the state: who waits
 * does not outlive the process. Everyone who opens the same store shares one signal.
 */
export interface Signal {
  /** Wakes everyone who waits or listens now. */
  raise(): void;
  /** Resolves at the next `raise`, or after `ms` milliseconds. The timer holds no process alive. */
  wait(ms: number): Promise<void>;
  /** Calls back at each `raise`, until the returned function is called. */
  listen(callback: () => void): () => void;
}

/** Longest delay that `setTimeout` keeps; a longer one would fire at once. */
export const LONGEST_TIMER_MS = 2 ** 31 - 1;

const signals = new WeakMap<object, Map<string, Signal>>();

/** The one signal of a name within a store. */
export function signalOf(store: object, name: string): Signal {
  const ofStore = signals.get(store) ?? new Map<string, Signal>();
  signals.set(store, ofStore);
  const signal = ofStore.get(name) ?? newSignal();
  ofStore.set(name, signal);
  return signal;
}

function newSignal(): Signal {
  const listeners = new Set<() => void>();
  return {
    raise() {
      for (const listener of [...listeners]) listener();
    },
    listen(callback) {
      listeners.add(callback);
      return () => listeners.delete(callback);
    },
    wait(ms) {
      return new Promise((resolve) => {
        const done = () => {
          clearTimeout(timer);
          listeners.delete(done);
          resolve();
        };
        const timer = setTimeout(done, Math.min(ms, LONGEST_TIMER_MS));
        timer.unref();
        listeners.add(done);
      });
    },
  };
}
