/** The stack's Lambda functions, each with the concurrency that the stack allows. */

import { reservedConcurrencyOf } from "../aws/lambda/state.ts";
import { type LambdaFunction, lambdaFunction } from "../lambda/lambda-function.ts";
import { functionClocks } from "../process/function-clocks.ts";
import type { Logs } from "../process/logs.ts";
import { startReaper } from "../process/reaper.ts";
import type { SandboxState } from "../process/state.ts";
import type { FunctionResource, Stack } from "../template/stack.ts";
import { REGION } from "../world/account.ts";
import { leaseSession } from "./function-sessions.ts";

/** One machine gains nothing from more environments of one function. */
const MAX_ENVIRONMENTS = 4;

export interface StackFunctionsOptions {
  readonly stack: Stack;
  readonly state: SandboxState;
  readonly awsUrl: string;
  readonly slackApiUrl: string;
  readonly outsideOrigin: string;
  /** By a function's short name, how far its clock is ahead, in seconds. */
  readonly clockSeconds: Readonly<Record<string, number>>;
  readonly logs: Logs;
}

export interface StackFunctions {
  /** Throws where the stack has no function of that ARN. */
  of(arn: string): LambdaFunction;
  stop(): Promise<void>;
}

/** @throws UsageError where `clockSeconds` names a function that the stack does not have */
export function stackFunctions(options: StackFunctionsOptions): StackFunctions {
  const { stack, state, awsUrl, slackApiUrl, outsideOrigin, clockSeconds, logs } = options;
  const clocks = functionClocks(stack.functions, clockSeconds);
  const reaper = startReaper();
  const functions = new Map<string, LambdaFunction>(
    stack.functions.map((fn) => [
      fn.arn,
      lambdaFunction({
        fn,
        concurrency: concurrencyOf(fn, stack),
        reserved: () => reservedConcurrencyOf(state.lambda.state, fn),
        surroundings: { region: REGION, awsUrl, slackApiUrl, outsideOrigin },
        clockMs: clocks.get(fn.arn) ?? 0,
        reaper,
        lease: () => leaseSession(state.iam, fn),
        log: logs.open(fn.name),
      }),
    ]),
  );
  return {
    of(arn) {
      const fn = functions.get(arn);
      if (!fn) throw new Error(`The stack has no function ${arn}.`);
      return fn;
    },
    async stop() {
      await Promise.all([...functions.values()].map((fn) => fn.stop()));
      reaper.close();
    },
  };
}

/** How many environments of a function may run at once: the stack's limit, at most four. */
export function concurrencyOf(fn: FunctionResource, { eventSources }: Stack): number {
  const source = eventSources.find(({ functionArn }) => functionArn === fn.arn);
  const limits = [fn.reservedConcurrency, source?.maximumConcurrency, MAX_ENVIRONMENTS];
  return Math.max(1, Math.min(...limits.map((limit) => limit ?? MAX_ENVIRONMENTS)));
}
