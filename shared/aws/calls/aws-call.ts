import { setTimeout as pause } from "node:timers/promises";
import type { CallAnswer, CallRecord } from "../../domain/requests/evidence.ts";
import { CallFailed } from "../../ports/access-entries.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Random } from "../../ports/random.ts";
import { type Classified, classifyFailure } from "./classify-failure.ts";
import { throttleWait } from "./throttle-wait.ts";

/** How long one call may take, in milliseconds. After that its outcome is unknown. */
export const CALL_MS = 2_000;
/** A call is not started with less time left than this, because its answer could not be stored. */
export const LEAST_MS = 200;

export interface AwsCallOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** Milliseconds left in the run. No call is signed after that or continues. */
  readonly deadline: () => number;
  /** Milliseconds that no pause may use, because other work needs them. */
  readonly reserveMs: number;
  /** Aborted when the run is over, so that a pending call does not continue in the next run. */
  readonly over?: () => AbortSignal;
}

/** One call to make: the name it is recorded under, and how to send it. */
export interface AwsCall<Output> {
  readonly operation: string;
  readonly sessionName: string;
  readonly send: (options: { readonly abortSignal: AbortSignal }) => Promise<Output>;
  /**
   * Whether the call changes nothing at AWS. It is then repeated at once if a reused connection is
   * dead: Lambda may drop connections between invocations.
   * https://docs.aws.amazon.com/lambda/latest/dg/best-practices.html
   */
  readonly isRead?: boolean;
  /** Milliseconds for this call, if fewer than the run has left. */
  readonly left?: () => number;
  /** Classifies an error again where its name is not precise enough. */
  readonly reclassify?: (failed: Classified, message: string) => Classified;
}

export interface Answered<Output> {
  readonly output: Output;
  readonly record: CallAnswer;
}

interface WithMetadata {
  readonly $metadata: { readonly requestId?: string | undefined };
}

/** Makes calls one attempt at a time. Clients used with it must not retry by themselves. */
export type AwsCaller = <Output extends WithMetadata>(
  call: AwsCall<Output>,
) => Promise<Answered<Output>>;

/** Node's names for a connection that the other side has closed. */
const DEAD_CONNECTION: ReadonlySet<string> = new Set(["ECONNRESET", "EPIPE"]);

/**
 * Each attempt has its own request id and CloudTrail event. A client that retries by itself would
 * show only the last one. So the attempts are made here, and only if the one before did nothing.
 * All failures are CallFailed.
 */
export function awsCaller(options: AwsCallOptions): AwsCaller {
  const { clock, random, deadline, reserveMs } = options;
  return async ({ operation, sessionName, send, isRead = false, reclassify, ...call }) => {
    const left = () => Math.min(deadline(), call.left?.() ?? Number.POSITIVE_INFINITY);
    const earlier: CallRecord[] = [];
    const attemptOf = (requestId: string | null, result: string): CallRecord => ({
      operation,
      requestId,
      sessionName,
      at: clock.now(),
      result,
    });
    const answerOf = (requestId: string | null, result: string): CallAnswer => ({
      ...attemptOf(requestId, result),
      ...(earlier.length > 0 && { earlier }),
    });
    const failed = ({ failure, code, requestId }: Classified, message: string, result = code) =>
      new CallFailed(failure, code, message, answerOf(requestId, result));
    let waited = 0;
    let isRepeated = false;
    for (let tries = 0; ; tries += 1) {
      const has = left();
      if (has < LEAST_MS)
        throw failed(NO_TIME_LEFT, `${operation} was not called: ${Math.round(has)} ms are left.`);
      try {
        const output = await send({ abortSignal: abortAfter(Math.min(CALL_MS, has), options) });
        return { output, record: answerOf(output.$metadata.requestId ?? null, "ok") };
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
        earlier.push(attemptOf(found.requestId, found.code));
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
