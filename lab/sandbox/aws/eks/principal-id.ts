import type { IamState } from "../iam/state.ts";
import { invalidPrincipal } from "./errors.ts";
import { ownValue } from "./own-value.ts";
import { foreignPrincipalId, type Principal } from "./principal.ts";

/**
 * The unique id that a principal's ARN has now. A role of this account must exist under exactly
 * this ARN, path included. Principals of another account cannot be checked. Throws
 * InvalidParameterException: for a missing role, for a user of this account (the sandbox has no
 * users), and for another partition.
 */
export function currentPrincipalId(iam: IamState, principal: Principal): string {
  if (principal.partition !== "aws") throw invalidPrincipal();
  const role = ownValue(iam.roles, principal.arn);
  if (role !== undefined) return role.roleId;
  if (principal.accountId !== iam.accountId) return foreignPrincipalId(principal);
  throw invalidPrincipal();
}

/**
 * A new role is unknown to EKS for a while: 15 to 30 s were seen. Terraform's provider retries the
 * error (internal/service/eks/access_entry.go of hashicorp/terraform-provider-aws). Throws
 * InvalidParameterException for a role that is younger than `lagSeconds`.
 */
export function requireKnownPrincipal(
  iam: IamState,
  { arn }: Principal,
  now: Date,
  lagSeconds: number,
): void {
  const role = ownValue(iam.roles, arn);
  if (role === undefined) return;
  if (Date.parse(role.createDate) + lagSeconds * 1000 > now.getTime()) throw invalidPrincipal();
}
