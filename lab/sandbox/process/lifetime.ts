/** Stops and saves what was started, in reverse order. */
export interface Lifetime {
  /** Adds what stops something that was just started. */
  endsWith(end: () => void | Promise<void>): void;
  /** Adds what saves some state. */
  keepsBy(flush: () => void): void;
  /** Stops everything, the last first, and saves the state. */
  stop(): Promise<void>;
  /** Saves the state at once. */
  flush(): void;
}

export function lifetime(): Lifetime {
  const endings: (() => void | Promise<void>)[] = [];
  const flushes: (() => void)[] = [];
  const flush = () => {
    for (const one of flushes) one();
  };
  return {
    endsWith: (end) => void endings.push(end),
    keepsBy: (one) => void flushes.push(one),
    async stop() {
      for (const end of endings.toReversed()) await end();
      flush();
    },
    flush,
  };
}
