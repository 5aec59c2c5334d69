/** Everything that an iterable gives. */
export async function collected<One>(all: AsyncIterable<One> | undefined): Promise<readonly One[]> {
  const found: One[] = [];
  for await (const one of all ?? []) found.push(one);
  return found;
}
