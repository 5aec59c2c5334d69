import { setTimeout as pause } from "node:timers/promises";
import { CallFailed, type CallRecord } from "../../ports/access-entries.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Random } from "../../ports/random.ts";
import { type Classified, classifyFailure } from "./classify-failure.ts";
import { throttleWait } from "./throttle-wait.ts";

/** How long one call may take before its outcome is unknown, in milliseconds. */
export const CALL_MS = 2_000;
/** With less time left than this, a call is not begun: its answer could not be stored. */
export const LEAST_MS = 200;

export interface AwsCallOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** How many milliseconds the run has left. No call is signed after them, and none goes on. */
  readonly deadline: () => number;
  /** How many of them no pause may touch: something else is to be done in them. */
  readonly reserveMs: number;
  /** Aborted when the run is over: a call that it left behind must not go on with the next run. */
  readonly over?: () => AbortSignal;
}

/** One call to make: under which name it is recorded, and how it is sent. */
export interface AwsCall<Output> {
  readonly operation: string;
  readonly sessionName: string;
  readonly send: (options: { readonly abortSignal: AbortSignal }) => Promise<Output>;
  /**
   * Whether it changes nothing at AWS, so that it is repeated at once where a connection that was
   * kept is dead. Lambda lets connections go while it does not run the function.
   * https://docs.aws.amazon.com/lambda/latest/dg/best-practices.html
   */
  readonly isRead?: boolean;
  /** How many milliseconds it has, where that may be less than the run has. */
  readonly left?: () => number;
  /** A second look at an error, where its name alone does not say enough. */
  readonly reclassify?: (failed: Classified, message: string) => Classified;
}

export interface Answered<Output> {
  readonly output: Output;
  readonly record: CallRecord;
}

export interface WithMetadata {
  readonly $metadata: { readonly requestId?: string | undefined };
}

/** Makes calls one attempt at a time; clients used with it must not retry by themselves. */
export type AwsCaller = <Output extends WithMetadata>(
  call: AwsCall<Output>,
) => Promise<Answered<Output>>;

/** How Node names a connection that the other side has given up. */
const DEAD_CONNECTION: ReadonlySet<string> = new Set(["ECONNRESET", "EPIPE"]);

/**
 * Every attempt has a request id of its own, and CloudTrail an event for it; a client that retried
 * inside would show the last one only. So attempts are made here, and only where the one before
 * did nothing. All failures are CallFailed.
 */
export function awsCaller(options: AwsCallOptions): AwsCaller {
  const { clock, random, deadline, reserveMs } = options;
  return async ({ operation, sessionName, send, isRead = false, reclassify, ...call }) => {
    const left = () => Math.min(deadline(), call.left?.() ?? Number.POSITIVE_INFINITY);
    const failed = ({ failure, code, requestId }: Classified, message: string, result = code) =>
      new CallFailed(failure, code, message, {
        operation,
        requestId,
        sessionName,
        at: clock.now(),
        result,
      });
    let waited = 0;
    let isRepeated = false;
    for (let tries = 0; ; tries += 1) {
      const has = left();
      if (has < LEAST_MS)
        throw failed(NO_TIME_LEFT, `${operation} was not called: ${Math.round(has)} ms are left.`);
      try {
        const output = await send({ abortSignal: abortAfter(Math.min(CALL_MS, has), options) });
        const requestId = output.$metadata.requestId ?? null;
        const record = { operation, requestId, sessionName, at: clock.now(), result: "ok" };
        return { output, record };
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        const found = classifyFailure(error);
        const meant = reclassify?.(found, message) ?? found;
        if (isRead && !isRepeated && DEAD_CONNECTION.has(found.code)) {
          isRepeated = true;
          continue;
        }
        const patience = Math.min(left(), deadline() - reserveMs);
        const wait =
          meant.failure === "throttled"
            ? throttleWait({ tries, waited, left: patience }, random.fraction())
            : undefined;
        if (wait === undefined) throw failed(meant, message, found.code);
        waited += wait;
        await pause(wait);
      }
    }
  };
}

const NO_TIME_LEFT: Classified = { failure: "throttled", code: "NoTimeLeft", requestId: null };

function abortAfter(milliseconds: number, { over }: AwsCallOptions): AbortSignal {
  const late = AbortSignal.timeout(milliseconds);
  return over ? AbortSignal.any([late, over()]) : late;
}
