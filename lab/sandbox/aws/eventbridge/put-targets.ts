/** EventBridge's refusals of a rule whose target is another event bus. */
import {
  createValidatedPolicy,
  validateIdentityPolicy,
  validateResourcePolicy,
} from "@cloud-copilot/iam-policy";
import { accountOf, regionOf } from "../accounts.ts";
import { seenBy, serviceMayAssume } from "../assume-role-decision.ts";
import type { IamState } from "../iam/state.ts";
import { callerContext, simulate } from "../policy-simulation.ts";
import type { Caller } from "../service.ts";
import type { EventTarget } from "./rule.ts";
import type { BusState } from "./state.ts";

/** The resources that exist when the rule is made. */
export interface TargetSurroundings {
  /** The roles of every account. */
  readonly roles: IamState["roles"];
  readonly buses: readonly Pick<BusState, "arn" | "policy">[];
}

const EVENTS = "events.amazonaws.com";

/** Whether a target is an event bus. */
export const isBus = (arn: string): boolean => arn.split(":")[2] === "events";

/**
 * EventBridge looks at the role and at the other bus as they are now, not when an event comes.
 *
 * - The role: "Provided role … cannot be assumed by principal 'events.amazonaws.com'", also of a
 *   role that is not there: https://github.com/Miserlou/Zappa/issues/381. Nobody says which
 *   condition keys it presents, so here it presents none.
 * - The bus in another account or region: without a statement in its policy that lets the rule's
 *   account put events, PutTargets answers AccessDeniedException, also where the account is the
 *   bus's own: https://github.com/ministryofjustice/modernisation-platform-environments/pull/19002.
 *   Nobody says as whom it asks, so here it asks as the rule's maker.
 *
 * @param deployer who makes the rule @returns why it refuses, in AWS's words as far as they are
 * known
 */
export async function refusedTarget(
  { roles, buses }: TargetSurroundings,
  ruleArn: string,
  { arn, roleArn }: Pick<EventTarget, "arn" | "roleArn">,
  deployer: Caller,
): Promise<string | undefined> {
  if (!isBus(arn)) return undefined;
  const account = accountOf(ruleArn);
  if (roleArn !== undefined && !isAssumable(roles, account, roleArn))
    return `Provided role '${roleArn}' cannot be assumed by principal '${EVENTS}'. (ValidationException)`;
  const bus = buses.find((one) => one.arn === arn);
  const isNear = accountOf(arn) === account && regionOf(arn) === regionOf(ruleArn);
  if (isNear && bus) return undefined;
  if (isNear) return `Event bus ${arn} does not exist. (ResourceNotFoundException)`;
  return bus?.policy && (await lets(bus, bus.policy, deployer))
    ? undefined
    : `User: ${deployer.arn} is not authorized to perform: events:PutEvents on resource: ${arn} because no resource-based policy allows the events:PutEvents action (AccessDeniedException)`;
}

function isAssumable(roles: IamState["roles"], account: string, roleArn: string): boolean {
  const iam: IamState = { accountId: account, roles, credentials: {} };
  return accountOf(roleArn) === account && serviceMayAssume(iam, roleArn, EVENTS, {});
}

const EVERYTHING = createValidatedPolicy(
  { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] },
  validateIdentityPolicy,
);

/** Nobody's account. */
const ELSEWHERE = "000000000000";

/** Whether the bus's policy allows it. As if the bus were elsewhere: there, the caller's own policies are not enough. */
async function lets(
  { arn }: Pick<BusState, "arn">,
  policy: NonNullable<BusState["policy"]>,
  deployer: Caller,
): Promise<boolean> {
  const context = {
    ...callerContext(deployer, new Date(), false),
    "aws:ResourceAccount": ELSEWHERE,
  };
  const decision = await simulate(
    deployer,
    { action: "events:PutEvents", resource: arn },
    context,
    { policies: [{ name: "everything", policy: EVERYTHING }] },
    createValidatedPolicy(seenBy(deployer, policy), validateResourcePolicy),
  );
  return decision === "Allowed";
}
