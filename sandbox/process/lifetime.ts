/** What was started, and how it ends. */
export interface Lifetime {
  /** Takes note of what ends something that was just started. */
  endsWith(end: () => void | Promise<void>): void;
  /** Takes note of what writes some state down. */
  keepsBy(flush: () => void): void;
  /** Ends everything, the last first, and writes the state down. */
  stop(): Promise<void>;
  /** Writes the state down at once. */
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
