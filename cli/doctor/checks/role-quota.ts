import { type Check, ill, well } from "../check-result.ts";
import { eachAccount } from "../each-account.ts";
import { personalRolesIn } from "../expected-names.ts";
import { missingOf } from "../missing-roles.ts";

/** Each account has room for the personal roles that are still to be made. */
export const roleQuota: Check = {
  name: "role-quota",
  needs: ["iam:GetAccountSummary", "iam:GetRole"],
  look: (patient) =>
    eachAccount(patient, async (account, sight) => {
      const names = personalRolesIn(patient.policy, account).map(({ name }) => name);
      const [missing, { roles, quota }] = [await missingOf(sight, names), await sight.roleQuota()];
      const left = quota - roles;
      const facts = `${roles} of ${quota} roles, and ${missing.length} to come`;
      return [
        missing.length <= left
          ? well(facts, account)
          : ill(
              facts,
              'have "Roles per account" raised in Service Quotas, or retire people',
              account,
            ),
      ];
    }),
};
