/**
 * Asynchronous invocation (Lambda Developer Guide, "Error handling for asynchronous invocation").
 * The caller gets its answer at once. A failed event is retried after one minute, then after two.
 * An event of a function whose reserved concurrency is 0 is not retried ("Configuring reserved
 * concurrency").
 */
import type { LambdaFunction } from "./lambda-function.ts";
import { Throttled } from "./throttled.ts";

export interface AsyncInvoker {
  invoke(fn: LambdaFunction, event: unknown): void;
  /** Drops the events that wait for a retry. */
  stop(): void;
}

/** `minuteSeconds`: how long a minute lasts in this sandbox. */
export function asyncInvoker(minuteSeconds: number, log: (line: string) => void): AsyncInvoker {
  const timers = new Set<NodeJS.Timeout>();
  let stopped = false;

  async function attempt(fn: LambdaFunction, event: unknown, failures: number): Promise<void> {
    try {
      await fn.invoke(event);
    } catch (error) {
      if (stopped) return;
      const { name, asyncRetries } = fn.resource;
      if (error instanceof Throttled) {
        log(`${name}: dropped an event: ${error.message}`);
        return;
      }
      if (failures >= asyncRetries) {
        log(
          `${name}: dropped an event after ${failures + 1} attempts: ${(error as Error).message}`,
        );
        return;
      }
      const minutes = failures + 1;
      log(`${name}: retries an event in ${minutes * minuteSeconds} s: ${(error as Error).message}`);
      const timer = setTimeout(
        () => {
          timers.delete(timer);
          void attempt(fn, event, failures + 1);
        },
        minutes * minuteSeconds * 1000,
      );
      timers.add(timer);
    }
  }

  return {
    invoke: (fn, event) => void attempt(fn, event, 0),
    stop() {
      stopped = true;
      for (const timer of timers) clearTimeout(timer);
    },
  };
}
