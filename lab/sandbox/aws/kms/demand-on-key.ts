/**
 * The demand to use a key: its key policy decides, and says whether the account's IAM policies
 * count.
 */
import { accessDenied } from "../authorize.ts";
import type { IamState } from "../iam/state.ts";
import type { Context } from "../policy-simulation.ts";
import { decideWithPolicy } from "../resource-policy.ts";
import type { Caller } from "../service.ts";
import type { FoundKey } from "./find-key.ts";
import { type KmsState, specOf } from "./state.ts";

export interface KeyDemand {
  readonly caller: Caller;
  readonly now: Date;
  /** `kms:Sign` */
  readonly action: string;
  /** Condition keys of the request: `kms:SigningAlgorithm`. */
  readonly context: Context;
}

/**
 * Unlike elsewhere, an IAM policy is not enough by itself. The key policy must name the caller, or
 * the account, which leaves it to IAM.
 * https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html
 * @throws AwsError AccessDeniedException
 */
export async function demandOnKey(
  iam: IamState,
  kms: KmsState,
  { key, alias }: FoundKey,
  { caller, now, action, context }: KeyDemand,
): Promise<void> {
  const aliases = Object.keys(kms.aliases).filter((name) => kms.aliases[name] === key.id);
  const keys: Context = {
    "kms:CallerAccount": caller.accountId,
    "kms:KeySpec": specOf(key),
    "kms:KeyUsage": "SIGN_VERIFY",
    "kms:KeyOrigin": "AWS_KMS",
    "kms:MultiRegion": "false",
    ...(aliases.length === 0 ? {} : { "kms:ResourceAliases": aliases }),
    ...(alias === undefined ? {} : { "kms:RequestAlias": alias }),
    ...context,
  };
  const check = { action, resource: key.arn, context: keys };
  const decision = await decideWithPolicy(iam, { caller, now, check, policy: key.policy });
  if (decision !== "Allowed") throw accessDenied(caller, check, decision, "json");
}
