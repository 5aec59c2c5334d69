/** The context of the operations of Lambda's API. */
import { AwsError } from "../service.ts";
import type { Store } from "../store.ts";
import type { DeclaredEventSource, DeclaredFunction, LambdaState } from "./state.ts";

/** The outcome of an invocation. */
export type Invocation =
  | { readonly payload: unknown; readonly isFunctionError: boolean }
  | "throttled";

/** Runs functions that are there, by their ARNs, on JSON values. */
export interface FunctionInvoker {
  /** Waits until it has ended. */
  readonly run: (functionArn: string, event: unknown) => Promise<Invocation>;
  /** Takes an event for later. Its sender does not learn the outcome. */
  readonly queue: (functionArn: string, event: unknown) => void;
}

export interface LambdaContext {
  readonly account: string;
  readonly region: string;
  readonly lambda: Store<LambdaState>;
  /** Those of every stack, as they are now. */
  readonly functions: () => readonly DeclaredFunction[];
  readonly eventSources: () => readonly DeclaredEventSource[];
  readonly invoker: FunctionInvoker;
}

/** @param id a function's name or ARN; versions and partial ARNs are not known */
const findFunction = ({ functions }: LambdaContext, id: unknown) =>
  functions().find(({ name, arn }) => name === id || arn === id);

/** The permission check of a call for one function. */
export const functionPermissions =
  (context: LambdaContext, action: string) => (input: Readonly<Record<string, unknown>>) => {
    const found = findFunction(context, input["FunctionName"]);
    return [{ action: `lambda:${action}`, resource: found?.arn ?? "*", skip: found === undefined }];
  };

/** @throws AwsError ResourceNotFoundException */
export function namedFunction(
  context: LambdaContext,
  { FunctionName: id }: Readonly<Record<string, unknown>>,
): DeclaredFunction {
  const found = findFunction(context, id);
  if (found) return found;
  throw new AwsError("ResourceNotFoundException", 404, `Function not found: ${String(id)}`);
}
