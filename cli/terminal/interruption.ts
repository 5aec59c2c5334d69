const SIGNALS = ["SIGINT", "SIGTERM"] as const;

/**
 * Works until it is done or Ctrl-C ends it; SIGTERM is the same. The process lives
 * on, so that what was drawn can be put in order.
 *
 * @param work ends early when its signal aborts; nobody waits for it then
 * @param stopped what the interruption comes to
 */
export async function untilInterrupted<Result>(
  work: (signal: AbortSignal) => Promise<Result>,
  stopped: () => Result,
): Promise<Result> {
  const stop = new AbortController();
  const interrupt = () => stop.abort();
  for (const name of SIGNALS) process.once(name, interrupt);
  const interrupted = new Promise<void>((resolve) => {
    stop.signal.addEventListener("abort", () => resolve());
  });
  try {
    return await Promise.race([interrupted.then(stopped), work(stop.signal)]);
  } finally {
    for (const name of SIGNALS) process.removeListener(name, interrupt);
  }
}
