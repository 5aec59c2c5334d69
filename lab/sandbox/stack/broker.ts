/** Runs what a stack declares: its functions, and everything that invokes them. */
import { setTimeout as pause } from "node:timers/promises";
import type { RuleDelivery } from "../aws/eventbridge/rule-delivery.ts";
import type { FunctionInvoker, Invocation } from "../aws/lambda/context.ts";
import type { Caller } from "../aws/service.ts";
import type { AsyncInvoker } from "../lambda/async-invoke.ts";
import { asyncInvoker } from "../lambda/async-invoke.ts";
import { FunctionError } from "../lambda/function-error.ts";
import type { LambdaFunction } from "../lambda/lambda-function.ts";
import { Throttled } from "../lambda/throttled.ts";
import { lifetime } from "../process/lifetime.ts";
import type { Logs } from "../process/logs.ts";
import { serve } from "../process/network-ports.ts";
import type { SandboxOptions } from "../process/options.ts";
import type { SandboxState } from "../process/state.ts";
import type { Stack } from "../template/stack.ts";
import { REGION } from "../world/account.ts";
import { ruleInvoker } from "./account-events.ts";
import { apiServer } from "./api-server.ts";
import { startEventSources } from "./event-sources.ts";
import { startRateRules } from "./rate-rules.ts";
import { stackFunctions } from "./stack-functions.ts";

/** How long running invocations may take to end when a broker stops. */
const STOP_PATIENCE_MS = 4_000;

export interface BrokerSurroundings {
  readonly state: SandboxState;
  readonly logs: Logs;
  readonly options: Pick<SandboxOptions, "minuteSeconds" | "clockSeconds">;
  readonly awsUrl: string;
  readonly slackUrl: string;
  /** The port of the services that say who is on call. */
  readonly outsideUrl: string;
  readonly apiPort: number;
  /** The fault `overlap`: after how many milliseconds SQS delivers this caller's messages again. */
  readonly overlap: (caller: Caller) => number | undefined;
  /** Whether the broker's region is down. Never, unless said. */
  readonly isDown?: () => boolean;
}

export interface RunningBroker {
  readonly stack: Stack;
  /** Invokes functions for the account's rules. */
  readonly invoke: RuleDelivery["invoke"];
  /** Invokes functions for Lambda's API. */
  readonly invoker: FunctionInvoker;
  stop(): Promise<void>;
}

/** Rejects, with nothing left running, where something cannot be started. */
export async function startBroker(
  stack: Stack,
  {
    state,
    logs,
    options,
    awsUrl,
    slackUrl,
    outsideUrl,
    apiPort,
    overlap,
    isDown = () => false,
  }: BrokerSurroundings,
): Promise<RunningBroker> {
  const life = lifetime();
  const log = logs.say;
  const { minuteSeconds, clockSeconds } = options;
  const slackApiUrl = `${slackUrl}/api`;
  const addresses = { awsUrl, slackApiUrl, outsideOrigin: `${outsideUrl}/` };
  const functions = stackFunctions({ stack, state, ...addresses, clockSeconds, logs });
  life.endsWith(() => functions.stop());
  try {
    if (stack.httpApi) {
      const server = apiServer(stack.httpApi, {
        ...{ stack, state, functions, log, isDown },
        openLog: logs.openQuiet,
      });
      await serve(life, server, apiPort);
    }
    const later = asyncInvoker(minuteSeconds, log);
    life.endsWith(() => later.stop());
    const stopSources = await startEventSources({ stack, state, functions, log, overlap, isDown });
    const stopRules = startRateRules({
      rules: stack.rules,
      permissions: stack.permissions,
      functionOf: functions.of,
      asyncInvoker: later,
      region: REGION,
      minuteSeconds,
      isDown,
      log,
    });
    life.endsWith(async () => {
      stopRules();
      await Promise.race([stopSources(), pause(STOP_PATIENCE_MS, undefined, { ref: false })]);
    });
    const invoke = ruleInvoker(stack.permissions, functions.of, later);
    return { stack, invoke, invoker: functionInvoker(functions.of, later), stop: life.stop };
  } catch (error) {
    await life.stop();
    throw error;
  }
}

/** The stack's functions, as Lambda's own API invokes them. */
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
