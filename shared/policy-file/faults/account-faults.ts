/** Compares a policy with the account that Timelatch is deployed to. */
import type { AccessPolicy, Person } from "../../domain/policy/policy.ts";
import { parsePrincipalArn, parseSessionArn } from "../../domain/values/arn.ts";
import type { Fault } from "../yaml/located-yaml.ts";

/**
 * Faults of a policy in one account. The HTTP API only accepts callers of its own account, so an
 * identity of another one could never call. With a personal role, people call under that one. Pure.
 *
 * @param account the broker's own, twelve digits
 */
export function accountFaults(
  { identity, people }: AccessPolicy,
  account: string,
): readonly Fault[] {
  if (identity && identity.account !== account)
    return [
      {
        path: ["identity", "account"],
        detail: `Personal roles are made for callers of ${identity.account}, and Timelatch is deployed to ${account}. Write identity.account: "${account}", or deploy to the other account.`,
      },
    ];
  return Object.entries(people).flatMap(([name, person]) =>
    foreignIdentities(name, person, account),
  );
}

function foreignIdentities(
  name: string,
  { identities, personalRole }: Person,
  account: string,
): readonly Fault[] {
  if (personalRole !== undefined) return [];
  return identities.iam.flatMap((arn, at) => {
    const own = parsePrincipalArn(arn)?.account ?? parseSessionArn(arn)?.account;
    return own === account
      ? []
      : [
          {
            path: ["people", name, "identities", "iam", at],
            detail: `It is in account ${own}. The API accepts callers of ${account} alone, so ${name} could never call with it. Write principal: personal, or an identity of ${account}.`,
          },
        ];
  });
}
