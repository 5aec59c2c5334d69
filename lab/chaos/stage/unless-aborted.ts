/**
 * Waits for some work, or until the signal: what is still under way then is not waited for.
 *
 * @throws the signal's reason
 */
export async function unlessAborted<Result>(
  signal: AbortSignal,
  work: Promise<Result>,
): Promise<Result> {
  signal.throwIfAborted();
  const { promise, reject } = Promise.withResolvers<never>();
  const interrupt = () => reject(signal.reason);
  signal.addEventListener("abort", interrupt, { once: true });
  // After the signal nobody hears how the work ended.
  work.catch(() => undefined);
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener("abort", interrupt);
  }
}

/**
 * Does some work while something watches. However the work ends, the watchers are stopped: their loops would keep the
 * process alive.
 */
export async function watched<Result>(
  watchers: readonly { stop(): Promise<void> }[],
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } finally {
    await Promise.all(watchers.map((watcher) => watcher.stop()));
  }
}
