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
