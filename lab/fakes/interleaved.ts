import type { Scheduler } from "fast-check";

type Method = (...args: readonly unknown[]) => unknown;

/**
 * A port whose calls take effect when the scheduler says so, so that runs over one port interleave. A
 * list that comes bit by bit waits before its first element.
 */
export function interleaved<Port extends object>(scheduler: Scheduler, port: Port): Port {
  const slow = (method: Method): Method => {
    if (method.constructor.name !== "AsyncGeneratorFunction")
      return scheduler.scheduleFunction(async (...args) => method(...args));
    const wait = scheduler.scheduleFunction(async () => undefined);
    return async function* (...args) {
      await wait();
      yield* method(...args) as AsyncGenerator;
    };
  };
  return Object.fromEntries(
    Object.entries(port).map(([name, member]) => [
      name,
      typeof member === "function" ? slow(member as Method) : member,
    ]),
  ) as Port;
}
