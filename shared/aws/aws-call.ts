import { setTimeout as pause } from "node:timers/promises";
import { CallFailed, type CallRecord } from "../ports/access-entries.ts";
import type { Chance } from "../ports/chance.ts";
import { type Classified, classifyFailure } from "./classify-failure.ts";
import { throttleWait } from "./throttle-wait.ts";

/** How long one call may take before its outcome is unknown, in milliseconds. */
export const CALL_MS = 2_000;
/** With less time left than this, a call is not begun: its answer could not be stored. */
export const LEAST_MS = 200;

export interface AwsCallOptions {
  readonly chance: Pick<Chance, "now" | "fraction">;
  /** How many milliseconds the invocation has left. */
  readonly deadline: () => number;
  /** How many of them no pause may touch: something else is to be done in them. */
  readonly reserveMs: number;
}

/** One call to make: under which name it is recorded, and how it is sent. */
export interface AwsCall<Output> {
  readonly operation: string;
  readonly sessionName: string;
  readonly send: (options: { readonly abortSignal: AbortSignal }) => Promise<Output>;
  /** A second look at an error, where its name alone does not say enough. */
  readonly reclassify?: (failed: Classified, message: string) => Classified;
}

export interface Answered<Output> {
  readonly output: Output;
  readonly record: CallRecord;
}

interface WithMetadata {
  readonly $metadata: { readonly requestId?: string | undefined };
}

/** Makes calls one attempt at a time; clients used with it must not retry by themselves. */
export type AwsCaller = <Output extends WithMetadata>(
  call: AwsCall<Output>,
) => Promise<Answered<Output>>;

/**
 * Every attempt has a request id of its own, and CloudTrail an event for it; a client that retried
 * inside would show the last one only. So attempts are made here, and only where the one before
 * did nothing. All failures are CallFailed.
 */
export function awsCaller({ chance, deadline, reserveMs }: AwsCallOptions): AwsCaller {
  return async ({ operation, sessionName, send, reclassify }) => {
    const recorded = (requestId: string | null, result: string): CallRecord => ({
      operation,
      requestId,
      sessionName,
      at: chance.now(),
      result,
    });
    let waited = 0;
    for (let tries = 0; ; tries += 1) {
      const left = deadline();
      if (left < LEAST_MS)
        throw new CallFailed(
          "throttled",
          "NoTimeLeft",
          `${operation} was not called: the invocation has ${Math.round(left)} ms left.`,
          recorded(null, "NoTimeLeft"),
        );
      try {
        const abortSignal = AbortSignal.timeout(Math.min(CALL_MS, left));
        const output = await send({ abortSignal });
        return { output, record: recorded(output.$metadata.requestId ?? null, "ok") };
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        const found = classifyFailure(error);
        const failed = reclassify?.(found, message) ?? found;
        const wait =
          failed.failure === "throttled"
            ? throttleWait({ tries, waited, left: deadline() - reserveMs }, chance.fraction())
            : undefined;
        if (wait === undefined)
          throw new CallFailed(
            failed.failure,
            failed.code,
            message,
            recorded(failed.requestId, found.code),
          );
        waited += wait;
        await pause(wait);
      }
    }
  };
}
