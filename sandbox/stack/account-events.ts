/** What reports events in the accounts: their trails, their event buses, and the templates' rules on them. */
import { accountOf, byAccount } from "../aws/accounts.ts";
import { cloudTrailService } from "../aws/cloudtrail/service.ts";
import { openTrail } from "../aws/cloudtrail/trail.ts";
import type { CallRecord } from "../aws/dispatch.ts";
import { cloudTrailEvent } from "../aws/eventbridge/cloudtrail-event.ts";
import { forwardEvent } from "../aws/eventbridge/forward-event.ts";
import type { EventRule } from "../aws/eventbridge/rule.ts";
import { deliverEvent, type RuleDelivery } from "../aws/eventbridge/rule-delivery.ts";
import { eventBridgeService } from "../aws/eventbridge/service.ts";
import type { BusEvent } from "../aws/eventbridge/state.ts";
import type { FaultTable } from "../aws/faults.ts";
import { AwsError, type Service } from "../aws/service.ts";
import type { AsyncInvoker } from "../lambda/async-invoke.ts";
import type { LambdaFunction } from "../lambda/lambda-function.ts";
import { mayInvoke } from "../lambda/permission.ts";
import type { SandboxState } from "../process/state.ts";
import type { FunctionPermission } from "../template/stack.ts";
import { ACCOUNT, REGION } from "../world/account.ts";

export interface AccountEventsOptions {
  readonly state: SandboxState;
  /** The rules of every stack, as they are now. */
  readonly eventRules: () => readonly EventRule[];
  /** Invokes functions for rules. */
  readonly invoke: RuleDelivery["invoke"];
  /** How long after its call CloudTrail delivers a record. */
  readonly trailDelaySeconds: number;
  readonly faults: FaultTable;
  readonly log: (line: string) => void;
}

export interface AccountEvents {
  readonly services: readonly Service[];
  /** Has CloudTrail record a finished call. */
  readonly record: (call: CallRecord) => void;
  /** Begins to deliver CloudTrail's records. Answers what stops it. */
  start(): () => void;
}

export function accountEvents(options: AccountEventsOptions): AccountEvents {
  const { state, eventRules, invoke, log } = options;
  const { iam, eventBridge, sqs } = state;
  const place = { account: ACCOUNT, region: REGION };
  const deliverIn = (account: string) => (busName: string, event: BusEvent) =>
    deliverEvent(
      {
        ...{ sqs, account, log, invoke },
        rules: eventRules().filter(({ arn }) => accountOf(arn) === account),
        forward: (...sent) => forwardEvent({ iam, eventBridge, deliver }, ...sent),
      },
      busName,
      event,
    );
  const deliver = deliverIn(ACCOUNT);
  const trailOf = (account: string, { store, history }: SandboxState["trails"][string]) =>
    openTrail({
      ...{ store, history, iam, delaySeconds: options.trailDelaySeconds },
      effect: (call) => options.faults.takeTrail(call),
      toEventBridge: (record) => deliverIn(account)("default", cloudTrailEvent(record)),
    });
  const trails = Object.entries(state.trails).map(
    ([account, kept]) => [account, trailOf(account, kept)] as const,
  );
  const histories = Object.entries(state.trails).map(
    ([account, { history }]) => [account, cloudTrailService(history)] as const,
  );
  return {
    services: [
      eventBridgeService({ eventBridge, iam, ...place, deliver }),
      byAccount(Object.fromEntries(histories)),
    ],
    record: (call) =>
      trails.find(([account]) => account === call.caller.accountId)?.[1].record(call),
    start() {
      for (const [, trail] of trails) trail.start();
      return () => {
        for (const [, trail] of trails) trail.stop();
      };
    },
  };
}

/** Invokes functions for rules, as far as the functions' permissions let EventBridge. */
export function ruleInvoker(
  permissions: readonly FunctionPermission[],
  functionOf: (functionArn: string) => LambdaFunction,
  invoker: AsyncInvoker,
): RuleDelivery["invoke"] {
  return (functionArn, event, ruleArn) => {
    if (!mayInvoke(permissions, functionArn, "events.amazonaws.com", ruleArn))
      throw new AwsError(
        "AccessDenied",
        403,
        `No AWS::Lambda::Permission lets ${ruleArn} invoke it.`,
      );
    invoker.invoke(functionOf(functionArn), event);
  };
}
