const SIGNALS = ["SIGINT", "SIGTERM"] as const;
export type StopSignal = (typeof SIGNALS)[number];

/**
 * Works until the work is done, or until Ctrl-C or SIGTERM. The process goes on, so that the terminal
 * can be restored.
 *
 * @param work ends early when its signal aborts; nobody waits for it then
 * @param stopped answers, or throws, after the interruption; it is given the signal
 */
export async function untilInterrupted<Result>(
  work: (signal: AbortSignal) => Promise<Result>,
  stopped: (by: StopSignal) => Result,
): Promise<Result> {
  const stop = new AbortController();
  const interrupt = (by: StopSignal) => stop.abort(by);
  for (const name of SIGNALS) process.once(name, interrupt);
  const interrupted = new Promise<StopSignal>((resolve) => {
    stop.signal.addEventListener("abort", () => resolve(stop.signal.reason));
  });
  try {
    return await Promise.race([interrupted.then(stopped), work(stop.signal)]);
  } finally {
    for (const name of SIGNALS) process.removeListener(name, interrupt);
  }
}
