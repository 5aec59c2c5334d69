import {
  type Behaviour,
  usualBehaviour,
} from "../../../../../lab/sandbox/aws/scheduler/behaviour.ts";
import type { MayAssume } from "../../../../../lab/sandbox/aws/scheduler/execution-role.ts";
import { schedulerService } from "../../../../../lab/sandbox/aws/scheduler/service.ts";
import {
  initialSchedulerState,
  type SchedulerState,
} from "../../../../../lab/sandbox/aws/scheduler/state.ts";
import type { Caller } from "../../../../../lab/sandbox/aws/service.ts";
import { memoryStore } from "../../../../../lab/sandbox/aws/store.ts";
import { ACCOUNT, iamStore, REGION, role } from "../iam-world.ts";

export const START = Date.parse("2026-11-24T10:00:00Z");
export const invoke = role("invoke");
export const QUEUE_ARN = `arn:aws:sqs:${REGION}:${ACCOUNT}:timelatch-converge.fifo`;
export const DISASSOCIATE = "arn:aws:scheduler:::aws-sdk:eks:disassociateAccessPolicy";

const caller: Caller = {
  arn: `arn:aws:sts::${ACCOUNT}:assumed-role/converge/session`,
  principalArn: `arn:aws:iam::${ACCOUNT}:role/converge`,
  accountId: ACCOUNT,
  userId: "AROACONVERGE:session",
  accessKeyId: "ASIACONVERGE",
};

export function scheduleInput(more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    Name: "s",
    ScheduleExpression: "at(2026-11-24T10:05:00)",
    FlexibleTimeWindow: { Mode: "OFF" },
    Target: target(),
    ...more,
  };
}

export function target(more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    Arn: QUEUE_ARN,
    RoleArn: invoke.arn,
    Input: '{"cause":"expiry"}',
    SqsParameters: { MessageGroupId: "binding" },
    ...more,
  };
}

/** A Scheduler with a clock that only tests move. */
export function schedulerWorld(
  options: {
    readonly state?: SchedulerState;
    readonly mayAssume?: MayAssume;
    readonly behaviour?: Partial<Behaviour>;
    readonly now?: () => number;
  } = {},
) {
  const clock = { ms: START };
  const now = options.now ?? (() => clock.ms);
  const store = memoryStore(options.state ?? initialSchedulerState(ACCOUNT, REGION, now));
  const behaviour: Behaviour = { ...usualBehaviour(), jitterSeconds: 0, ...options.behaviour };
  const service = schedulerService({
    scheduler: store,
    iam: iamStore(invoke),
    account: ACCOUNT,
    region: REGION,
    mayAssume: options.mayAssume ?? (() => true),
    behaviour,
  });
  const call = async (operation: string, input: Record<string, unknown>) => {
    const found = service.operations[operation];
    if (found === undefined) throw new Error(`no ${operation}`);
    const answer = await found.run({
      operation,
      input,
      caller,
      requestId: "r",
      now: new Date(now()),
    });
    return answer as Record<string, unknown>;
  };
  return { store, clock, behaviour, service, call, caller };
}
