/** A function's failure, as Lambda returns it to the invoker: `X-Amz-Function-Error: Unhandled`. */
export interface FunctionErrorPayload {
  /** `Error`, `Runtime.ImportModuleError`, `Runtime.ExitError`, `Sandbox.Timedout` … */
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
}

export class FunctionError extends Error {
  override readonly name = "FunctionError";
  readonly payload: FunctionErrorPayload;
  /** Whether the handler answered with the error; otherwise its process ended, or never began. */
  readonly handled: boolean;
  constructor(functionName: string, payload: FunctionErrorPayload, handled = false) {
    super(`${functionName}: ${payload.errorType}: ${payload.errorMessage}`);
    this.payload = payload;
    this.handled = handled;
  }
}

export const timedOut = (functionName: string, requestId: string, ms: number) =>
  new FunctionError(functionName, {
    errorType: "Sandbox.Timedout",
    errorMessage: `RequestId: ${requestId} Error: Task timed out after ${(ms / 1000).toFixed(2)} seconds`,
  });

export const exited = (
  functionName: string,
  requestId: string,
  code: number | null,
  signal: string | null,
) =>
  new FunctionError(functionName, {
    errorType: "Runtime.ExitError",
    errorMessage:
      code === 0
        ? `RequestId: ${requestId} Error: Runtime exited without providing a reason`
        : `RequestId: ${requestId} Error: Runtime exited with error: ${signal ? `signal: ${signal}` : `exit status ${code}`}`,
  });

/** Lambda quotas: 6 MB each way, with a little room for the envelope. */
export const MAX_PAYLOAD_BYTES = 6_291_556;

export const responseTooLarge = (functionName: string) =>
  new FunctionError(functionName, {
    errorType: "Function.ResponseSizeTooLarge",
    errorMessage: `Response payload size exceeded maximum allowed payload size (${MAX_PAYLOAD_BYTES} bytes).`,
  });
