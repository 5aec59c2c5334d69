/** What reports events in the account: its trail, its event buses, and the template's rules on them. */
import { cloudTrailService } from "../aws/cloudtrail/service.ts";
import { openTrail } from "../aws/cloudtrail/trail.ts";
import type { CallRecord } from "../aws/dispatch.ts";
import { cloudTrailEvent } from "../aws/eventbridge/cloudtrail-event.ts";
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
  const place = { account: ACCOUNT, region: REGION };
  const deliver = (busName: string, event: BusEvent) =>
    deliverEvent(
      { rules: eventRules(), sqs: state.sqs, account: ACCOUNT, log, invoke },
      busName,
      event,
    );
  const trail = openTrail({
    store: state.trail,
    history: state.trailHistory,
    iam: state.iam,
    delaySeconds: options.trailDelaySeconds,
    effect: (call) => options.faults.takeTrail(call),
    toEventBridge: (record) => deliver("default", cloudTrailEvent(record)),
  });
  return {
    services: [
      eventBridgeService({ eventBridge: state.eventBridge, ...place, deliver }),
      cloudTrailService(state.trailHistory),
    ],
    record: trail.record,
    start() {
      trail.start();
      return trail.stop;
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
