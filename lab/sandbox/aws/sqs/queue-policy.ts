/** An AWS service that sends under a queue's policy. Callers with keys are not asked about it. */
import { createValidatedPolicy, validateResourcePolicy } from "@cloud-copilot/iam-policy";
import { runUnsafeSimulation } from "@cloud-copilot/iam-simulate";
import type { QueueState, SqsState } from "./state.ts";

/** The sender behind a service's message. */
export interface ServiceSender {
  /** `events`, of `events.amazonaws.com`. */
  readonly service: string;
  /** The rule that makes it send. */
  readonly sourceArn: string;
  readonly account: string;
}

/** Whether the queue's policy lets the service send to it. A queue without a policy lets none. */
export function queueLetsSend(state: SqsState, queueArn: string, sender: ServiceSender): boolean {
  const queue = Object.values(state.queues).find(({ arn }) => arn === queueArn);
  const policies = queue?.policies ?? [];
  if (policies.length === 0) return false;
  const decision = runUnsafeSimulation(
    {
      request: {
        principal: `${sender.service}.amazonaws.com`,
        action: "sqs:SendMessage",
        resource: { resource: queueArn, accountId: sender.account },
        contextVariables: {
          "aws:SourceArn": sender.sourceArn,
          "aws:SourceAccount": sender.account,
          "aws:SecureTransport": "true",
          "aws:PrincipalIsAWSService": "true",
        },
      },
      identityPolicies: [],
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      resourcePolicy: validated(policies),
    },
    {},
  );
  return decision === "Allowed";
}

/** Queue policies of one queue are its statements together. */
function validated(policies: NonNullable<QueueState["policies"]>) {
  const statements = policies.flatMap((policy) => [policy["Statement"]].flat());
  const document = { Version: "2012-10-17", Statement: statements };
  return createValidatedPolicy(document, validateResourcePolicy, { name: "queue policy" });
}
