import { AccountPrincipal, type PrincipalBase } from "aws-cdk-lib/aws-iam";

/**
 * A role by its name. IAM keeps the unique id of a role that is named itself. The role must exist,
 * and is another one when it is made again.
 *
 * @param account the role's, twelve digits
 */
export const roleByName = (account: string, roleArn: string): PrincipalBase =>
  new AccountPrincipal(account).withConditions({ ArnEquals: { "aws:PrincipalArn": roleArn } });
