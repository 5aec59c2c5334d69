/**
 * IAM's checks when CloudFormation makes and deletes resources: as its own role, or as its caller.
 */
import { decide } from "../aws/authorize.ts";
import {
  type MadeResource,
  ResourceFailure,
  type StackOrder,
} from "../aws/cloudformation/engine.ts";
import type { IamState } from "../aws/iam/state.ts";
import { decideWithPolicy } from "../aws/resource-policy.ts";
import type { Caller } from "../aws/service.ts";
import type { AskedCheck, Stack } from "../template/stack.ts";
import { deletionOf } from "./asked-deletions.ts";

/** @throws ResourceFailure in AWS's words, for the first of these that the actor may not make */
export async function demandMakes(
  iam: IamState,
  { actor }: Pick<StackOrder, "actor">,
  { members }: Pick<Stack, "members">,
  added: readonly MadeResource[],
): Promise<void> {
  if (!actor) return;
  const ids = new Set(added.map(({ logicalId }) => logicalId));
  for (const { logicalId, asks } of members)
    if (ids.has(logicalId)) for (const check of asks) await demand(iam, actor, logicalId, check);
}

/** Deletes nothing that is retained. @throws ResourceFailure for the first that the actor may not delete */
export async function demandDeletes(
  iam: IamState,
  { actor, account, region }: Pick<StackOrder, "actor" | "account" | "region">,
  gone: readonly MadeResource[],
): Promise<void> {
  if (!actor) return;
  for (const resource of gone.filter(({ isRetained }) => !isRetained)) {
    const check = deletionOf(iam, resource, { account, region });
    if (check) await demand(iam, actor, resource.logicalId, check);
  }
}

/**
 * CloudFormation reads values of Parameter Store as the role that it has.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-supplied-parameter-types.html
 *
 * @throws Error in AWS's words
 */
export async function demandParameters(
  iam: IamState,
  { actor, account, region, input }: StackOrder,
): Promise<void> {
  if (!actor) return;
  for (const { value, resolved } of Object.values(input.parameters)) {
    if (resolved === undefined) continue;
    const resource = `arn:aws:ssm:${region}:${account}:parameter/${value.replace(/^\//, "")}`;
    await demand(iam, actor, undefined, { action: "ssm:GetParameters", resource });
  }
}

async function demand(
  iam: IamState,
  actor: Caller,
  logicalId: string | undefined,
  check: AskedCheck,
): Promise<void> {
  const { resourcePolicy: policy } = check;
  const now = new Date();
  const decision = await (policy
    ? decideWithPolicy(iam, { caller: actor, now, check, policy })
    : decide(iam, actor, check, now));
  if (decision === "Allowed") return;
  const { action, resource } = check;
  const refusal = `User: ${actor.arn} is not authorized to perform: ${action} on resource: ${resource} because no identity-based policy allows the ${action} action`;
  throw logicalId === undefined ? new Error(refusal) : new ResourceFailure(logicalId, refusal);
}
