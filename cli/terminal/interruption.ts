const SIGNALS = ["SIGINT", "SIGTERM"] as const;
export type StopSignal = (typeof SIGNALS)[number];

/** Ctrl-C and SIGTERM, counted. The process goes on until `close`. */
export interface Signals {
  /** Resolves at the signal with this number: 1 for the first. */
  nth(count: number): Promise<StopSignal>;
  /** Signals end the process again, once this turn has printed what it has to say. */
  close(): void;
}

/** Listens for Ctrl-C and SIGTERM. The caller that opens it closes it. */
export function openSignals(): Signals {
  const came: StopSignal[] = [];
  let waiting: readonly (() => void)[] = [];
  const hearers = SIGNALS.map((by) => {
    const hear = () => {
      came.push(by);
      for (const look of waiting) look();
    };
    return { by, hear };
  });
  for (const { by, hear } of hearers) process.on(by, hear);
  return {
    nth: (count) =>
      new Promise((resolve) => {
        const look = () => {
          const by = came[count - 1];
          if (by !== undefined) resolve(by);
        };
        waiting = [...waiting, look];
        look();
      }),
    close() {
      // A signal would end the process between an answer and its text, which takes a while to make.
      setImmediate(() => {
        for (const { by, hear } of hearers) process.removeListener(by, hear);
      });
    },
  };
}

/**
 * Works until the work is done, or until Ctrl-C or SIGTERM. The process goes on, so that the terminal
 * can be restored.
 *
 * @param work ends early when its signal aborts; nobody waits for it then
 * @param stopped answers, or throws, after the interruption; it is given the signal, and those that
 *   follow
 */
export async function untilInterrupted<Result>(
  work: (signal: AbortSignal) => Promise<Result>,
  stopped: (by: StopSignal, signals: Signals) => Result | Promise<Result>,
): Promise<Result> {
  const stop = new AbortController();
  const signals = openSignals();
  const interrupted = signals.nth(1).then((by) => {
    stop.abort(by);
    return { by };
  });
  try {
    // An error that the work throws because it was stopped comes later, and nobody waits for it.
    const over = work(stop.signal).then(
      (result) => ({ result }),
      (error: unknown) => ({ error }),
    );
    const first = await Promise.race([interrupted, over]);
    if ("by" in first) return await stopped(first.by, signals);
    if ("error" in first) throw first.error;
    return first.result;
  } finally {
    signals.close();
  }
}
