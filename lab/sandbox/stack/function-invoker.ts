/** The stack's functions, as Lambda's own API invokes them. */
import type { FunctionInvoker, Invocation } from "../aws/lambda/context.ts";
import type { AsyncInvoker } from "../lambda/async-invoke.ts";
import { FunctionError } from "../lambda/function-error.ts";
import type { LambdaFunction } from "../lambda/lambda-function.ts";
import { Throttled } from "../lambda/throttled.ts";

export const functionInvoker = (
  functionOf: (functionArn: string) => LambdaFunction,
  later: AsyncInvoker,
): FunctionInvoker => ({
  run: (functionArn, event) => outcomeOf(functionOf(functionArn).invoke(event)),
  queue: (functionArn, event) => later.invoke(functionOf(functionArn), event),
});

/** Rejects only where the function could not be asked. */
async function outcomeOf(running: Promise<unknown>): Promise<Invocation> {
  try {
    return { payload: await running, isFunctionError: false };
  } catch (error) {
    if (error instanceof Throttled) return "throttled";
    if (error instanceof FunctionError) return { payload: error.payload, isFunctionError: true };
    throw error;
  }
}
