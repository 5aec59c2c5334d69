import { Token } from "aws-cdk-lib";
import type { AccessPolicy } from "../../shared/domain/policy/policy.ts";
import { clusterOf } from "../../shared/domain/values/arn.ts";

/** The accounts of the file's clusters, sorted. Retired clusters count: their grants must still end. */
export const clusterAccounts = (access: AccessPolicy) =>
  [...new Set(Object.values(access.clusters).map(({ arn }) => clusterOf(arn).account))].sort();

/**
 * The account whose grantor roles belong into the broker's stack; undefined where none of its
 * clusters is in the broker's account. A stack that is not bound to an account is taken to be for
 * the one that the clusters are in.
 *
 * @param account the stack's, perhaps an unresolved token
 */
export function grantorAccount(access: AccessPolicy, account: string): string | undefined {
  const accounts = clusterAccounts(access);
  if (!Token.isUnresolved(account)) return accounts.find((one) => one === account);
  if (accounts.length > 1)
    throw new Error(
      `The clusters are in ${accounts.join(" and ")}, and the broker's own account is not known. Nothing was synthesized. Set CDK_DEFAULT_ACCOUNT and CDK_DEFAULT_REGION, which 'cdk' does from your AWS profile.`,
    );
  return accounts[0];
}
