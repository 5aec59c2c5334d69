/** Sends an event from a rule to another bus, which may be another account's. */
import { accountOf, asAccount } from "../accounts.ts";
import { serviceMayAssume } from "../assume-role-decision.ts";
import type { IamState } from "../iam/state.ts";
import { sessionArn } from "../identities.ts";
import { AwsError, type Caller } from "../service.ts";
import type { Store } from "../store.ts";
import { demandOnBus } from "./demand-on-bus.ts";
import type { EventRule, EventTarget } from "./rule.ts";
import type { BusEvent, EventBridgeState } from "./state.ts";

export interface Forwarding {
  readonly iam: Store<IamState>;
  readonly eventBridge: Store<EventBridgeState>;
  /** Hands the event on to the rules of the other bus. */
  readonly deliver: (busName: string, event: BusEvent) => void;
}

const EVENTS = "events.amazonaws.com";

/**
 * The event keeps its account and region. EventBridge sends under the target's role, which must be the rule's account's.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cross-account.html
 *
 * @throws AwsError AccessDeniedException where the role, its policies or the bus's policy say no, and
 *   ResourceNotFoundException where there is no such bus
 */
export async function forwardEvent(
  { iam, eventBridge, deliver }: Forwarding,
  rule: EventRule,
  target: EventTarget,
  event: BusEvent,
): Promise<void> {
  const caller = sessionOf(iam, rule, target.roleArn ?? "");
  const bus = Object.values(eventBridge.state.buses).find(({ arn }) => arn === target.arn);
  await demandOnBus(iam.state, eventBridge.state, target.arn, {
    caller,
    now: new Date(),
    source: event.source,
    detailType: event["detail-type"],
  });
  if (!bus)
    throw new AwsError("ResourceNotFoundException", 400, `There is no event bus ${target.arn}.`);
  deliver(bus.name, event);
}

function sessionOf(iam: Store<IamState>, rule: EventRule, roleArn: string): Caller {
  const accountId = accountOf(rule.arn);
  const role = accountOf(roleArn) === accountId ? iam.state.roles[roleArn] : undefined;
  const { state } = asAccount(iam, accountId);
  const context = { "aws:SourceAccount": accountId, "aws:SourceArn": rule.arn };
  if (role === undefined || !serviceMayAssume(state, roleArn, EVENTS, context))
    throw new AwsError(
      "AccessDeniedException",
      403,
      `${EVENTS} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`,
    );
  return {
    arn: sessionArn(accountId, role.roleName, "events"),
    principalArn: role.arn,
    accountId,
    userId: `${role.roleId}:events`,
    accessKeyId: "",
  };
}
