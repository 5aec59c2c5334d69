import { accountOf } from "../accounts.ts";
import { callService, type Surroundings } from "../dispatch.ts";
import type { IamRole } from "../iam/state.ts";
import { sessionArn } from "../identities.ts";
import { AwsError, type Caller, type Service } from "../service.ts";
import { queueDoesNotExist } from "../sqs/errors.ts";
import type { Attempt, Deliver } from "./attempt.ts";
import { assumeContext, type MayAssume } from "./execution-role.ts";
import type { Target } from "./state.ts";
import { isUniversalTarget, type UniversalCall, universalCall } from "./universal-target.ts";

/** CloudTrail's value for both fields if a service calls on someone's behalf. */
const SCHEDULER = "scheduler.amazonaws.com";

/**
 * Makes the calls of targets and of dead-letter queues, each in a session of the target's role. IAM
 * is asked, and the call is recorded, as for any other.
 *
 * @param options.services those that targets may name: SQS and EKS
 * @throws (from a delivery) AwsError: the target's own, or AccessDeniedException if the role can no
 * longer be assumed
 */
export function deliverToTarget(options: {
  readonly around: Surroundings;
  readonly services: readonly Service[];
  readonly mayAssume: MayAssume;
}): Deliver {
  const { around, services, mayAssume } = options;
  return async (target, input, attempt) => {
    const call = isUniversalTarget(target.Arn)
      ? universalCall(target.Arn, input)
      : queueCall(around.region, target, input, attempt);
    const service = services.find(({ name }) => name === call.service);
    if (service === undefined)
      throw new AwsError(
        "InternalServerException",
        500,
        `Scheduler cannot reach ${call.service}: it was not given to deliverToTarget.`,
      );
    const state = around.iam.state;
    const role = state.roles[target.RoleArn];
    if (role === undefined || !mayAssume(target.RoleArn, assumeContext(attempt.scheduleArn)))
      throw new AwsError(
        "AccessDeniedException",
        403,
        `${SCHEDULER} is not authorized to perform: sts:AssumeRole on resource: ${target.RoleArn}`,
      );
    const caller = sessionOf(role, attempt.executionId);
    const { error } = await callService(
      around,
      service,
      { operation: call.operation, input: { ...call.input } },
      { caller, userAgent: SCHEDULER, sourceIp: SCHEDULER },
    );
    if (error !== undefined) throw error;
  };
}

/**
 * The SendMessage that a queue's ARN stands for. Scheduler can name a message group but no
 * deduplication id, so a FIFO queue needs content-based deduplication.
 *
 * @throws AwsError QueueDoesNotExist for a queue of another region than the schedule's
 */
function queueCall(
  ofSchedule: string,
  target: Pick<Target, "Arn" | "SqsParameters">,
  input: string,
  attempt: Pick<Attempt, "deadLetter">,
): Omit<UniversalCall, "input"> & { readonly input: Readonly<Record<string, unknown>> } {
  const [, , , region, account, name] = target.Arn.split(":");
  if (region !== ofSchedule) throw queueDoesNotExist();
  const attributes = Object.entries(attempt.deadLetter ?? {}).map(
    ([key, value]) => [key, { DataType: "String", StringValue: value }] as const,
  );
  return {
    service: "sqs",
    operation: "SendMessage",
    input: {
      QueueUrl: `https://sqs.${region}.amazonaws.com/${account}/${name}`,
      MessageBody: input,
      ...(attributes.length === 0 ? {} : { MessageAttributes: Object.fromEntries(attributes) }),
      ...(target.SqsParameters ?? {}),
    },
  };
}

/** AWS does not document the session's name; nothing should depend on it. */
function sessionOf(role: IamRole, session: string): Caller {
  const accountId = accountOf(role.arn);
  return {
    arn: sessionArn(accountId, role.roleName, session),
    principalArn: role.arn,
    accountId,
    userId: `${role.roleId}:${session}`,
    // No key was handed out; CloudTrail shows that the service itself called.
    accessKeyId: "",
  };
}
