/** Waits without failing. @returns gives the result, or throws the failure */
export async function settled<Result>(work: Promise<Result>): Promise<() => Promise<Result>> {
  await work.catch(() => undefined);
  return () => work;
}
