/**
 * Waits for all of them, even where one fails: no call of a pass may be under way when it ends.
 *
 * @throws the first failure in the order of `work`
 */
export async function allDone<Results extends readonly unknown[]>(
  work: { readonly [Index in keyof Results]: Promise<Results[Index]> | Results[Index] },
): Promise<Results> {
  const settled = await Promise.allSettled(work);
  return settled.map((each) => {
    if (each.status === "rejected") throw each.reason;
    return each.value;
  }) as unknown as Results;
}
