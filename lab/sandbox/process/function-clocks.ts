/** Resolves `--clock` against the functions of the stack. */

import { UsageError } from "../../command-line.ts";
import type { FunctionResource } from "../template/stack.ts";

/** `Timelatch-ConvergeFunctionD02DBDF1` of the stack is `converge` on the command line. */
const shortName = (name: string): string =>
  (/-(\w+)Function[0-9A-F]{8}$/.exec(name)?.[1] ?? name).toLowerCase();

/**
 * How far a function's clock is ahead, in milliseconds, by its ARN.
 *
 * @param seconds by the functions' short names
 * @throws UsageError where the stack has no function of such a name
 */
export function functionClocks(
  functions: readonly FunctionResource[],
  seconds: Readonly<Record<string, number>>,
): ReadonlyMap<string, number> {
  const arns = new Map(functions.map(({ name, arn }) => [shortName(name), arn]));
  return new Map(
    Object.entries(seconds).map(([name, ahead]) => {
      const arn = arns.get(name);
      if (arn === undefined)
        throw new UsageError(
          `--clock: the stack has no function ${name}. It has ${[...arns.keys()].sort().join(", ")}.`,
        );
      return [arn, ahead * 1000];
    }),
  );
}
