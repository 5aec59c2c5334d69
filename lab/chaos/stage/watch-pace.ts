/** Whether the machine is fast enough to judge by: how long the sandbox takes to answer a question that costs nothing. */
import { setTimeout as pause } from "node:timers/promises";

const EVERY_MS = 500;
/** On an idle machine it takes two milliseconds. */
const SLOW_MS = 1_500;
const PATIENCE_MS = 20_000;

/** A span in which the sandbox answered slowly. Milliseconds since 1970. */
export interface SlowSpan {
  readonly from: number;
  readonly to: number;
}

export interface PaceWatch {
  readonly slow: readonly SlowSpan[];
  stop(): Promise<void>;
}

/** Lambda ended a run of converge: it took more than its five seconds. */
const TIMED_OUT = /converge\.fifo: .*Sandbox\.Timedout/g;
const RUN_MS = 6_000;

/** @param log what the sandbox has written so far */
export function watchPace(awsUrl: string, log: () => string): PaceWatch {
  const slow: SlowSpan[] = [];
  let isOn = true;
  let read = 0;
  const readOn = () => {
    const text = log();
    const to = Date.now();
    for (const _run of text.slice(read).matchAll(TIMED_OUT)) slow.push({ from: to - RUN_MS, to });
    read = text.length;
  };
  const ask = async () => {
    const from = Date.now();
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const isAnswered = await fetch(`${awsUrl}/_sandbox/scheduler`, { signal }).then(
      (answer) => answer.arrayBuffer().then(() => true),
      (error: Error) => error.name === "TimeoutError",
    );
    const to = Date.now();
    if (isAnswered && to - from > SLOW_MS) slow.push({ from, to });
  };
  const watching = (async () => {
    for (; isOn; await pause(EVERY_MS)) {
      await ask();
      readOn();
    }
  })();
  return {
    slow,
    async stop() {
      isOn = false;
      await watching;
    },
  };
}
