/** What the operations of Lambda's API work on. */
import { AwsError } from "../service.ts";
import type { Store } from "../store.ts";
import type { DeclaredEventSource, DeclaredFunction, LambdaState } from "./state.ts";

export interface LambdaContext {
  readonly account: string;
  readonly region: string;
  readonly lambda: Store<LambdaState>;
  /** Those of every stack, as they are now. */
  readonly functions: () => readonly DeclaredFunction[];
  readonly eventSources: () => readonly DeclaredEventSource[];
}

/** @param id a function's name or ARN; versions and partial ARNs are not known */
export const findFunction = ({ functions }: LambdaContext, id: unknown) =>
  functions().find(({ name, arn }) => name === id || arn === id);

/** @throws AwsError ResourceNotFoundException */
export function namedFunction(
  context: LambdaContext,
  { FunctionName: id }: Readonly<Record<string, unknown>>,
): DeclaredFunction {
  const found = findFunction(context, id);
  if (found) return found;
  throw new AwsError("ResourceNotFoundException", 404, `Function not found: ${String(id)}`);
}
