/** The running part of the deployed stacks: their functions, and the rules that invoke them. */
import type { DeclaredAlarm } from "../aws/cloudwatch/declared-alarm.ts";
import type { EventRule } from "../aws/eventbridge/rule.ts";
import type { RuleDelivery } from "../aws/eventbridge/rule-delivery.ts";
import type { FunctionInvoker } from "../aws/lambda/context.ts";
import { AwsError } from "../aws/service.ts";
import type { EventSourceResource, FunctionResource, Stack } from "../template/stack.ts";
import { type BrokerSurroundings, type RunningBroker, startBroker } from "./broker.ts";

export interface RunningBrokers {
  /** By the stacks' ids. */
  readonly all: () => ReadonlyMap<string, RunningBroker>;
  /** Starts what the stack declares: its functions, if it has some, and its rules. */
  readonly start: (id: string, stack: Stack) => Promise<void>;
  /** Stops it; nothing where it does not run. */
  readonly stop: (id: string) => Promise<void>;
  /** The rules with an event pattern of every stack. */
  readonly eventRules: () => readonly EventRule[];
  /** The functions, their event sources and the alarms of every stack, as the APIs of Lambda and CloudWatch list them. */
  readonly functions: () => readonly FunctionResource[];
  readonly eventSources: () => readonly EventSourceResource[];
  readonly alarms: () => readonly DeclaredAlarm[];
  /** Whether a stack has the HTTP API. */
  readonly hasApi: () => boolean;
  /** Invokes a function of any stack for a rule. */
  readonly invoke: RuleDelivery["invoke"];
  /** Invokes a function of any stack for Lambda's API. */
  readonly invoker: FunctionInvoker;
}

export function runningBrokers(surroundings: BrokerSurroundings): RunningBrokers {
  const brokers = new Map<string, RunningBroker>();
  // A stack without functions may have rules and alarms.
  const rules = new Map<string, readonly EventRule[]>();
  const alarms = new Map<string, Stack["alarms"]>();
  const running = () => [...brokers.values()];
  const brokerOf = (functionArn: string) => {
    const runs = ({ stack }: RunningBroker) =>
      stack.functions.some(({ arn }) => arn === functionArn);
    const broker = running().find(runs);
    if (broker) return broker;
    throw new AwsError("ResourceNotFoundException", 404, `${functionArn} does not run.`);
  };
  return {
    all: () => brokers,
    async start(id, stack) {
      if (stack.functions.length > 0) brokers.set(id, await startBroker(stack, surroundings));
      rules.set(id, stack.eventRules);
      alarms.set(id, stack.alarms);
    },
    async stop(id) {
      const broker = brokers.get(id);
      brokers.delete(id);
      rules.delete(id);
      alarms.delete(id);
      await broker?.stop();
    },
    eventRules: () => [...rules.values()].flat(),
    functions: () => running().flatMap(({ stack }) => stack.functions),
    eventSources: () => running().flatMap(({ stack }) => stack.eventSources),
    alarms: () => [...alarms.values()].flat(),
    hasApi: () => running().some(({ stack }) => stack.httpApi),
    invoke: (arn, event, ruleArn) => brokerOf(arn).invoke(arn, event, ruleArn),
    invoker: {
      run: (arn, event) => brokerOf(arn).invoker.run(arn, event),
      queue: (arn, event) => brokerOf(arn).invoker.queue(arn, event),
    },
  };
}
