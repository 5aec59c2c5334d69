/** Resolves `--clock` against the functions of the stack. */

import { UsageError } from "../../command-line.ts";
import type { FunctionResource } from "../template/stack.ts";

/** Functions of stacks that somebody else deploys later, into the other account. */
const LATER = ["witness"];

/** `Timelatch-ConvergeFunctionD02DBDF1` of the stack is `converge` on the command line. */
const shortName = (name: string): string =>
  (/-(\w+)Function[0-9A-F]{8}(?:-\d+)?$/.exec(name)?.[1] ?? name).toLowerCase();

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
    Object.entries(seconds).flatMap(([name, ahead]) => {
      const arn = arns.get(name);
      if (arn === undefined && (LATER.includes(name) || LATER.some((one) => arns.has(one))))
        return [];
      if (arn === undefined)
        throw new UsageError(
          `--clock: the stack has no function ${name}. It has ${[...arns.keys()].sort().join(", ")}.`,
        );
      return [[arn, ahead * 1000] as const];
    }),
  );
}
