import { lendsGroups } from "../../../shared/domain/grantors/groups-grantor.ts";
import { grantorRoleNames } from "../../../shared/domain/values/arn.ts";
import { type Check, type CheckResult, ill, type Patient, well } from "../check-result.ts";
import { eachAccount } from "../each-account.ts";
import { clustersOf } from "../expected-names.ts";
import { makeIt, undoIt } from "../remedies.ts";
import type { RoleSight } from "../sights.ts";

/** In each account with clusters, converge's role is the one that may assume the grantor roles. */
export const grantorRoles: Check = {
  name: "grantor-roles",
  needs: ["iam:GetRole"],
  look: (patient) =>
    eachAccount(patient, async (account, sight) => {
      if (clustersOf(patient.policy, account).length === 0) return [];
      const names = grantorRoleNames(patient.deployment);
      const wanted = [
        names.policies,
        ...(lendsGroups(patient.policy, account) ? [names.groups] : []),
      ];
      const results: CheckResult[] = [];
      for (const name of wanted)
        results.push(judged(patient, account, name, await sight.role(name)));
      return results;
    }),
};

function judged(
  { account: hub, deployment }: Patient,
  account: string,
  name: string,
  role: RoleSight | undefined,
): CheckResult {
  const deploy = account === hub ? "timelatch deploy" : `deploy the stack of account ${account}`;
  if (!role) return ill(`${name} is missing`, makeIt(deploy), account);
  const converge = `:iam::${hub}:role/${deployment}-converge`;
  return JSON.stringify(role.trust).includes(`${converge}"`)
    ? well(`${name} trusts converge`, account)
    : ill(
        `${name} does not trust ${deployment}-converge of ${hub}: nothing can be lent or ended`,
        undoIt(deploy),
        account,
      );
}
