/** EventBridge rules with a rate: each invokes its functions asynchronously, period after period. */
import { randomUUID } from "node:crypto";
import { accountOf } from "../aws/accounts.ts";
import type { AsyncInvoker } from "../lambda/async-invoke.ts";
import type { LambdaFunction } from "../lambda/lambda-function.ts";
import { mayInvoke } from "../lambda/permission.ts";
import type { FunctionPermission, RuleResource } from "../template/stack.ts";

export interface RateRulesOptions {
  readonly rules: readonly RuleResource[];
  readonly permissions: readonly FunctionPermission[];
  readonly functionOf: (functionArn: string) => LambdaFunction;
  readonly asyncInvoker: AsyncInvoker;
  readonly region: string;
  /** How long a minute lasts in this sandbox. */
  readonly minuteSeconds: number;
  /** Whether the region is down: what would fire then never does. */
  readonly isDown?: () => boolean;
  readonly log: (line: string) => void;
}

/** EventBridge User Guide, "Scheduled events": what a target without an input of its own receives. */
const scheduledEvent = (rule: RuleResource, region: string, now: Date) => ({
  version: "0",
  id: randomUUID(),
  "detail-type": "Scheduled Event",
  source: "aws.events",
  account: accountOf(rule.arn),
  time: now.toISOString().replace(/\.\d{3}Z$/, "Z"),
  region,
  resources: [rule.arn],
  detail: {},
});

/**
 * Starts the rules. Each invokes at once, since whole periods lie between two sandboxes. Then it
 * invokes once a period. Answers how to stop them.
 */
export function startRateRules(options: RateRulesOptions): () => void {
  const fire = (rule: RuleResource) => {
    if (options.isDown?.()) return;
    for (const { functionArn, input } of rule.targets) {
      if (!mayInvoke(options.permissions, functionArn, "events.amazonaws.com", rule.arn)) {
        options.log(`${rule.name}: no AWS::Lambda::Permission lets it invoke ${functionArn}.`);
        continue;
      }
      const event =
        input === undefined ? scheduledEvent(rule, options.region, new Date()) : JSON.parse(input);
      options.asyncInvoker.invoke(options.functionOf(functionArn), event);
    }
  };
  for (const rule of options.rules) fire(rule);
  const timers = options.rules.map((rule) =>
    setInterval(() => fire(rule), rule.everyMinutes * options.minuteSeconds * 1000),
  );
  return () => timers.forEach(clearInterval);
}
