import { setTimeout as pause } from "node:timers/promises";

/**
 * Waits until what is read is as wanted, and answers it. Unlike `expect.poll` it also works where
 * tests run side by side. Rejects with what was read last.
 */
export async function eventually<Value>(
  read: () => Promise<Value>,
  wanted: (value: Value) => boolean,
  seconds = 30,
): Promise<Value> {
  for (const end = Date.now() + seconds * 1_000; ; ) {
    const began = Date.now();
    const value = await read();
    if (wanted(value)) return value;
    if (Date.now() > end)
      throw new Error(`After ${seconds} s it was still ${JSON.stringify(value)}.`);
    // A read by the AWS CLI keeps a processor busy all the time. The broker needs one as well.
    await pause(Math.max(200, 2 * (Date.now() - began)));
  }
}
